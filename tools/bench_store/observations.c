// Durable observations per second, and the last value of every device.
#include <stdbool.h>
#include <stdio.h>

#include <math.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench_store.h"
#include "store/obs.h"

// PostgreSQL 15, synchronous commit, 8 connections (the best of the servers compared)
static const double postgres_rows_s = 3873;

enum { DEVICES = 2000, MANY = 10000, LARGEST = 10000 };

typedef struct names {
    char text[MANY][16];
} names;

// Appends `total` rows in batches of `batch`; every device speaks in its turn. Rows per second of
// wall clock.
static ct_err append_rows(ct_obs *obs, const names *devices, size_t n_devices, size_t batch,
                          size_t total, int64_t start_us, double *rate, double *cpu_us) {
    ct_observation *rows = ct_calloc(batch, sizeof *rows);
    if (!rows) return CT_NOMEM;
    const int64_t wall_us = ct_clock_mono_us(ct_clock_real()), used_us = ct_clock_cpu_us();
    ct_err err = CT_OK;
    for (size_t done = 0; done < total && err == CT_OK; done += batch) {
        for (size_t i = 0; i < batch; ++i) {
            const size_t n = done + i;
            rows[i] =
                (ct_observation){devices->text[n % n_devices], "water_level_m",
                                 start_us + (int64_t)(n / n_devices) * 1000000, sin((double)n), 0};
        }
        err = ct_obs_append(obs, rows, batch, NULL, 0);
    }
    *rate = (double)total / ((double)(ct_clock_mono_us(ct_clock_real()) - wall_us) * 1e-6);
    *cpu_us = (double)(ct_clock_cpu_us() - used_us) / (double)total;
    ct_free(rows);
    return err;
}

static ct_err count_row(void *context, const ct_observation *row) {
    (void)row;
    ++*(size_t *)context;
    return CT_OK;
}

static ct_err measure(ct_obs *obs, const names *devices) {
    static const struct {
        size_t batch, total;
        double goal;
    } cases[] = {{1, 500, NAN}, {100, 20000, NAN}, {1000, 200000, NAN}, {10000, 1000000, 50000}};
    char metric[64];
    double rate = 0, cpu_us = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        CT_TRY(append_rows(obs, devices, DEVICES, cases[i].batch, cases[i].total,
                           (int64_t)i * 1000000000000, &rate, &cpu_us));
        (void)snprintf(metric, sizeof metric, "durable observations, %zu a commit", cases[i].batch);
        print_figure("store", metric, rate, "rows/s", cases[i].goal, false,
                     i == 3 ? postgres_rows_s : (double)NAN);
        (void)snprintf(metric, sizeof metric, "CPU time of an observation, %zu a commit",
                       cases[i].batch);
        print_figure("store", metric, cpu_us, "us", NAN, true, NAN);
    }
    CT_TRY(append_rows(obs, devices, MANY, LARGEST, MANY, 9000000000000, &rate, &cpu_us));
    size_t n = 0;
    const int64_t used_us = ct_clock_cpu_us();
    CT_TRY(ct_obs_last(obs, NULL, count_row, &n));
    print_figure("store", "last value of 10,000 devices",
                 (double)(ct_clock_cpu_us() - used_us) * 1e-3, "CPU ms", 50, true, NAN);
    return n == MANY ? CT_OK : ct_fail(CT_INTERNAL, "%zu last values", n);
}

ct_err bench_observations(const char *folder) {
    ct_obs *obs = NULL;
    char *path = ct_path_join(folder, "obs.sqlite");
    names *devices = ct_calloc(1, sizeof *devices);
    ct_err err = path && devices ? ct_obs_open(&obs, path) : CT_NOMEM;
    for (int i = 0; i < MANY && devices; ++i)
        (void)snprintf(devices->text[i], sizeof devices->text[i], "dev-%d", i);
    if (err == CT_OK) err = measure(obs, devices);
    ct_obs_close(obs);
    ct_free(devices);
    ct_free(path);
    return err;
}
