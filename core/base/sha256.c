#include "core/base/sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 64

/* FIPS 180-4 §4.2.2: the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t
turned(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

static uint32_t
big_endian(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* FIPS 180-4 §6.2.2, whose working variables are a to h. */
static void
digest_block(uint32_t hash[8], const unsigned char *block)
{
	uint32_t words[64];
	uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5],
		 g = hash[6], h = hash[7];

	for (int t = 0; t < 16; t++)
		words[t] = big_endian(block + 4 * t);
	for (int t = 16; t < 64; t++) {
		uint32_t w15 = words[t - 15], w2 = words[t - 2];

		words[t] = words[t - 16] + (turned(w15, 7) ^ turned(w15, 18) ^ w15 >> 3) +
			   words[t - 7] + (turned(w2, 17) ^ turned(w2, 19) ^ w2 >> 10);
	}
	for (int t = 0; t < 64; t++) {
		uint32_t sum1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
		uint32_t choice = (e & f) ^ (~e & g);
		uint32_t one = h + sum1 + choice + constants[t] + words[t];
		uint32_t sum0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
		uint32_t majority = (a & b) ^ (a & c) ^ (b & c);

		h = g;
		g = f;
		f = e;
		e = d + one;
		d = c;
		c = b;
		b = a;
		a = one + sum0 + majority;
	}
	hash[0] += a;
	hash[1] += b;
	hash[2] += c;
	hash[3] += d;
	hash[4] += e;
	hash[5] += f;
	hash[6] += g;
	hash[7] += h;
}

void
sha256_hex(const char *bytes, size_t length, char hex[SHA256_HEX])
{
	const unsigned char *at = (const unsigned char *)bytes;
	unsigned char last[2 * BLOCK] = { 0 };
	uint64_t bits = (uint64_t)length * 8;
	size_t rest = length % BLOCK, padded = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	uint32_t hash[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	for (size_t i = 0; i < length / BLOCK; i++, at += BLOCK)
		digest_block(hash, at);
	if (rest > 0)
		memcpy(last, at, rest);
	last[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		last[padded - 1 - i] = (unsigned char)(bits >> 8 * i);
	for (size_t i = 0; i < padded; i += BLOCK)
		digest_block(hash, last + i);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 8 * i, 9, "%08x", hash[i]);
}
