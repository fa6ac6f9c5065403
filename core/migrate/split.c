#include "core/migrate/split.h"

#include "core/model/plan.h"

/* Shares over a common denominator: numerators add up to it. With 16 weights of at most 10^6, ppm
 * and one division among up to 16 of a side (its sum, at most 1.6 x 10^7), products pass 2^63:
 * hence 128 bits. */
typedef unsigned __int128 wide;

struct shares {
	size_t count;
	wide numerator[SPLIT_MAX];
	wide total;
};

static wide
common_divisor(wide a, wide b)
{
	while (b != 0) {
		wide rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

int64_t
split_sum(const struct split *split, enum split_side side)
{
	int64_t sum = 0;

	for (size_t i = 0; i < split->count; i++)
		if (split->parts[i].side == side)
			sum += split->parts[i].weight;
	return sum;
}

static size_t
side_count(const struct split *split, enum split_side side)
{
	size_t count = 0;

	for (size_t i = 0; i < split->count; i++)
		count += split->parts[i].side == side;
	return count;
}

int64_t
split_ppm_of(int64_t alpha, int64_t ga)
{
	int64_t ppm;

	if (alpha + ga == 0)
		return PPM_UNKNOWN;
	ppm = (ga * PPM_ALL + (alpha + ga) / 2) / (alpha + ga);
	if (ppm == 0 && ga > 0)
		return 1;
	if (ppm == PPM_ALL && alpha > 0)
		return PPM_ALL - 1;
	return ppm;
}

int64_t
split_ppm(const struct split *split)
{
	return split_ppm_of(split_sum(split, SPLIT_ALPHA), split_sum(split, SPLIT_GA));
}

/* What the part of the same rank on the other side weighs: the k-th alpha for the k-th GA. */
static int64_t
twin_weight(const struct split *split, size_t at)
{
	enum split_side side = split->parts[at].side,
			other = side == SPLIT_GA ? SPLIT_ALPHA : SPLIT_GA;
	size_t rank = 0;

	for (size_t i = 0; i < at; i++)
		rank += split->parts[i].side == side;
	for (size_t i = 0; i < split->count; i++)
		if (split->parts[i].side == other && rank-- == 0)
			return split->parts[i].weight;
	return 0;
}

/* What part `at` has of its side, as a fraction: its own weight, or an even share where the whole
 * side has none. */
static wide
within_side(const struct split *split, size_t at, wide *of)
{
	int64_t sum = split_sum(split, split->parts[at].side);

	*of = sum > 0 ? (wide)sum : (wide)side_count(split, split->parts[at].side);
	return sum > 0 ? (wide)split->parts[at].weight : 1;
}

/* Every share after the move, over one denominator: PPM_ALL, times the two sides' sums where twins
 * do not match. */
static void
shares_after(const struct split *from, int64_t ppm, struct shares *out)
{
	size_t alphas = side_count(from, SPLIT_ALPHA);
	bool twins = alphas == side_count(from, SPLIT_GA);
	int64_t pair = split_sum(from, SPLIT_ALPHA) + split_sum(from, SPLIT_GA);
	wide scale = 1;

	for (size_t i = 0; i < from->count && !twins; i++) {
		wide of = 1;

		if (from->parts[i].side != SPLIT_OTHER)
			within_side(from, i, &of);
		scale = scale / common_divisor(scale, of) * of;
	}
	*out = (struct shares){ .count = from->count };
	for (size_t i = 0; i < from->count; i++) {
		const struct split_part *part = &from->parts[i];
		wide part_ppm = (wide)(part->side == SPLIT_GA ? ppm : PPM_ALL - ppm), of, own;

		if (part->side == SPLIT_OTHER) {
			out->numerator[i] = (wide)part->weight * (wide)PPM_ALL * scale;
		} else if (twins) {
			out->numerator[i] = (wide)(part->weight + twin_weight(from, i)) * part_ppm;
		} else {
			own = within_side(from, i, &of);
			out->numerator[i] = (wide)pair * part_ppm * own * (scale / of);
		}
		out->total += out->numerator[i];
	}
}

static bool
stands_there(const struct split *from, const struct shares *shares)
{
	wide sum = 0;

	for (size_t i = 0; i < from->count; i++)
		sum += (wide)from->parts[i].weight;
	for (size_t i = 0; i < from->count; i++)
		if ((wide)from->parts[i].weight * shares->total != shares->numerator[i] * sum)
			return false;
	return true;
}

/* The written form: the first of 100, 1,000 ... 1,000,000 that the smallest exact total divides,
 * else that total. */
static bool
write_down(const struct split *from, struct shares *shares, struct split *to, struct err *err)
{
	wide divisor = shares->total, total, factor = 1;

	for (size_t i = 0; i < shares->count; i++)
		divisor = common_divisor(divisor, shares->numerator[i]);
	total = shares->total / divisor;
	for (wide round = 100; round <= (wide)SPLIT_WEIGHT_MAX; round *= 10) {
		if (round % total == 0) {
			factor = round / total;
			break;
		}
	}
	*to = *from;
	for (size_t i = 0; i < shares->count; i++) {
		wide weight = shares->numerator[i] / divisor * factor;

		if (weight > (wide)SPLIT_WEIGHT_MAX)
			return err_set(err, ERR_INPUT,
				       "this share cannot be written exactly with weights up to "
				       "1,000,000 without changing "
				       "what the other backends get; a rounder percentage may do");
		to->parts[i].weight = (int64_t)weight;
	}
	return true;
}

bool
split_move(const struct split *from, int64_t ppm, struct split *to, struct err *err)
{
	bool alpha = side_count(from, SPLIT_ALPHA) > 0, ga = side_count(from, SPLIT_GA) > 0;
	struct shares shares;

	if (ppm < 0 || ppm > PPM_ALL)
		return err_set(err, ERR_INPUT, "a share is 0 to 100 %%");
	*to = *from;
	if (split_ppm(from) == PPM_UNKNOWN)
		return true; /* nothing that could move */
	if (ppm > 0 && !ga)
		return err_set(err, ERR_INPUT,
			       "the rule does not name the GA pool, so nothing can move to it");
	if (ppm < PPM_ALL && !alpha)
		return err_set(
			err, ERR_INPUT,
			"the rule does not name the alpha pool, so nothing can move back to it");
	if (!alpha || !ga)
		return true; /* one side only, and that is all it should have */
	shares_after(from, ppm, &shares);
	if (stands_there(from, &shares))
		return true;
	return write_down(from, &shares, to, err);
}
