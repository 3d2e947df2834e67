// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC'11,
// section 3.3) and the draws built on it. Key = seed; counter = entity, step, purpose.
#include "base/rng.h"

#include <math.h>

#define PHILOX_M0 0xD2511F53u // multipliers and Weyl increments of the paper, table 2
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u
#define PHILOX_W1 0xBB67AE85u

void ct_rng_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)PHILOX_M0 * c0, p1 = (uint64_t)PHILOX_M1 * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c0 = n0;
        c1 = (uint32_t)p1;
        c2 = n2;
        c3 = (uint32_t)p0;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void draw(uint64_t out[2], uint64_t seed, uint64_t entity, uint32_t step, uint32_t purpose) {
    uint32_t words[4];
    ct_rng_philox(words, (uint32_t[4]){(uint32_t)entity, (uint32_t)(entity >> 32), step, purpose},
                  (uint32_t[2]){(uint32_t)seed, (uint32_t)(seed >> 32)});
    out[0] = words[0] | (uint64_t)words[1] << 32;
    out[1] = words[2] | (uint64_t)words[3] << 32;
}

static double unit_of(uint64_t bits) {
    return (double)(bits >> 11) * 0x1p-53;
}

uint64_t ct_rng_u64(uint64_t seed, uint64_t entity, uint32_t step, uint32_t purpose) {
    uint64_t bits[2];
    draw(bits, seed, entity, step, purpose);
    return bits[0];
}

double ct_rng_unit(uint64_t seed, uint64_t entity, uint32_t step, uint32_t purpose) {
    return unit_of(ct_rng_u64(seed, entity, step, purpose));
}

double ct_rng_range(double low, double high, uint64_t seed, uint64_t entity, uint32_t step,
                    uint32_t purpose) {
    return low + (high - low) * ct_rng_unit(seed, entity, step, purpose);
}

int64_t ct_rng_int(int64_t low, int64_t high, uint64_t seed, uint64_t entity, uint32_t step,
                   uint32_t purpose) {
    __extension__ typedef unsigned __int128 uint128;
    uint64_t bits = ct_rng_u64(seed, entity, step, purpose);
    uint64_t span = (uint64_t)high - (uint64_t)low + 1; // 0: all 2^64 values
    uint64_t offset = span ? (uint64_t)((uint128)bits * span >> 64) : bits;
    return (int64_t)((uint64_t)low + offset);
}

// Box and Muller (1958): the first draw, moved into (0, 1] for the logarithm, gives the radius, the
// second the angle.
double ct_rng_normal(uint64_t seed, uint64_t entity, uint32_t step, uint32_t purpose) {
    uint64_t bits[2];
    draw(bits, seed, entity, step, purpose);
    double radius = sqrt(-2.0 * log(unit_of(bits[0]) + 0x1p-53));
    return radius * cos(2.0 * 3.14159265358979323846 * unit_of(bits[1]));
}
