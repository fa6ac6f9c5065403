/* sha256 - the SHA-256 digest of FIPS 180-4, for the journal's chain. Any thread; no state. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65

/* Lower-case hexadecimal: 64 characters and a NUL. */
void sha256_hex(const char *bytes, size_t length, char hex[SHA256_HEX]);

#endif
