// Counter-based random numbers (Philox 4x32-10: Salmon, Moraes, Dror, Shaw, SC'11): the value is a
// function of (seed, entity, step, purpose) and of nothing else, so it is the same on any number of
// threads and after a restart.
#ifndef CT_BASE_RNG_H
#define CT_BASE_RNG_H

#include <stdint.h>

// The raw function: four words of (counter, key), as in the paper.
void ct_rng_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

uint64_t ct_rng_u64(uint64_t seed, uint64_t entity, uint32_t step, uint32_t purpose);
double ct_rng_unit(uint64_t seed, uint64_t entity, uint32_t step, uint32_t purpose); // [0, 1)
double ct_rng_range(double low, double high, uint64_t seed, uint64_t entity, uint32_t step,
                    uint32_t purpose);
int64_t ct_rng_int(int64_t low, int64_t high, uint64_t seed, uint64_t entity, uint32_t step,
                   uint32_t purpose); // both ends included, unbiased to 2^-53
double ct_rng_normal(uint64_t seed, uint64_t entity, uint32_t step,
                     uint32_t purpose); // mean 0, deviation 1

#endif
