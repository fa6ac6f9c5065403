#include "tui/screen/slider.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/plan.h"

static int64_t
clamp(int64_t ppm)
{
	return ppm < 0 ? 0 : ppm > PPM_ALL ? PPM_ALL : ppm;
}

void
slider_follow(struct slider *slider, int64_t written)
{
	if (!slider->moved)
		slider->ppm = clamp(written);
}

void
slider_reset(struct slider *slider, int64_t written)
{
	*slider = (struct slider){ .ppm = clamp(written) };
}

void
slider_set(struct slider *slider, int64_t ppm)
{
	*slider = (struct slider){ .ppm = clamp(ppm), .moved = true };
}

void
slider_step(struct slider *slider, int percents)
{
	int64_t whole = slider->ppm / SLIDER_ONE * SLIDER_ONE;

	/* A step down from a share with decimals drops them first. */
	if (percents < 0 && whole != slider->ppm)
		whole += SLIDER_ONE;
	slider_set(slider, whole + percents * SLIDER_ONE);
}

bool
slider_type(struct slider *slider, char c)
{
	char typed[SLIDER_TYPED_MAX + 1];
	size_t length = strlen(slider->typed);
	int64_t ppm = 0;

	if (length + 1 >= SLIDER_TYPED_MAX ||
	    (c == '.' && (length == 0 || strchr(slider->typed, '.') != NULL)))
		return false;
	memcpy(typed, slider->typed, length);
	typed[length] = c;
	typed[length + 1] = '\0';
	/* "12." is on the way to a number. */
	if (c == '.')
		ppm = slider->ppm;
	else if (!text_percent(typed, &ppm, NULL))
		return false;
	memcpy(slider->typed, typed, length + 2);
	slider->ppm = ppm;
	slider->moved = true;
	return true;
}

bool
slider_backspace(struct slider *slider)
{
	size_t length = strlen(slider->typed);
	int64_t ppm = 0;

	if (length == 0)
		return false;
	slider->typed[--length] = '\0';
	if (length > 0 && slider->typed[length - 1] == '.')
		return true;
	if (length > 0)
		text_percent(slider->typed, &ppm, NULL);
	slider->ppm = ppm;
	return true;
}

void
slider_typed_end(struct slider *slider)
{
	slider->typed[0] = '\0';
}

void
slider_point(struct slider *slider, int x, int w)
{
	if (w < 2)
		return;
	x = x < 0 ? 0 : x > w - 1 ? w - 1 : x;
	/* Whole percents: a mouse is no finer. */
	slider_set(slider, ((int64_t)(w - 1 - x) * 100 + (w - 1) / 2) / (w - 1) * SLIDER_ONE);
}

int
slider_alpha_eighths(int64_t ppm, int w)
{
	int64_t all = (int64_t)w * 8;

	return (int)((all * (PPM_ALL - clamp(ppm)) + PPM_ALL / 2) / PPM_ALL);
}
