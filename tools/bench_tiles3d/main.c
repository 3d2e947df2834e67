// Speed of 3D Tiles: 100,000 of the shared footprints, each with its height (level of detail 1),
// from the twin's file to a folder of tiles, by two threads. Works in a folder that it makes (in
// $TMPDIR) and removes.
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench_data/bench_data.h"
#include "tiles/three_d.h"

enum { BUILDINGS = 100000, THREADS = 2 };

typedef struct measured {
    double wall_s, cpu_s;
    ct_tiles3d_figures figures;
} measured;

static ct_err export_to(measured *out, ct_store *store, const char *folder, const char *name,
                        bool plain) {
    char *path = ct_path_join(folder, name);
    const ct_tiles3d_options options = {.plain = plain, .threads = THREADS};
    ct_err err = path ? ct_dir_make(path) : CT_NOMEM;
    const int64_t wall_us = ct_clock_mono_us(ct_clock_real()), cpu_us = ct_clock_cpu_us();
    if (err == CT_OK) err = ct_tiles3d_write(&out->figures, store, path, &options);
    out->wall_s = (double)(ct_clock_mono_us(ct_clock_real()) - wall_us) * 1e-6;
    out->cpu_s = (double)(ct_clock_cpu_us() - cpu_us) * 1e-6;
    ct_free(path);
    return err;
}

static ct_err measure(ct_store *store, const char *folder) {
    measured packed, plain;
    CT_TRY(export_to(&packed, store, folder, "packed", false));
    CT_TRY(export_to(&plain, store, folder, "plain", true));
    char unit[64];
    (void)snprintf(unit, sizeof unit, "s for %lld triangles in %lld files",
                   (long long)packed.figures.triangles, (long long)packed.figures.files);
    print_figure("tiles3d", "100,000 buildings to 3D Tiles", packed.wall_s, unit, 60, true, NAN);
    print_figure("tiles3d", "the same, CPU time", packed.cpu_s, "s", NAN, true, NAN);
    print_figure("tiles3d", "a triangle, packed",
                 (double)packed.figures.bytes / (double)packed.figures.triangles, "B", NAN, true,
                 NAN);
    print_figure("tiles3d", "a triangle, plain",
                 (double)plain.figures.bytes / (double)plain.figures.triangles, "B", NAN, true,
                 NAN);
    return CT_OK;
}

static ct_err bench(const char *folder, const ct_catalogue *catalogue) {
    const ct_class *cls = ct_catalogue_by_name(catalogue, "building");
    ct_store *store = NULL;
    char *path = ct_path_join(folder, "town.ct");
    ct_err err = path ? ct_store_create(path, FOOTPRINTS_CRS, "Bench", catalogue) : CT_NOMEM;
    if (err == CT_OK) err = ct_store_open(&store, path, catalogue);
    if (err == CT_OK && !cls) err = ct_fail(CT_NOTFOUND, "the catalogue has no buildings");
    if (err == CT_OK) err = footprints_load_some(store, cls, BUILDINGS);
    if (err == CT_OK) err = measure(store, folder);
    ct_store_close(store);
    ct_free(path);
    return err;
}

int main(void) {
    return bench_main("bench_tiles3d", bench);
}
