// The files of a case's run: points and sections over time as CSV, the maxima as rasters.
#include <math.h>

#include "base/file.h"
#include "base/mem.h"
#include "results/raster_file.h"
#include "sim/cases/case_private.h"
#include "sim/cases/table.h"

static void put_value(ct_buf *out, double value) {
    ct_buf_putc(out, ',');
    if (!isnan(value)) ct_buf_printf(out, "%.9g", value);
}

ct_err ct_case__write_table(const ct_buf *text, const char *folder, const char *name) {
    char *path = ct_path_join(folder, name);
    ct_err err = path ? ct_buf_status(text) : CT_NOMEM;
    if (err == CT_OK) err = ct_file_write(path, text->data, text->len);
    ct_free(path);
    return err;
}

// A row a time: the time, then `columns` values.
static void put_rows(ct_buf *out, const ct_flood_case *c, const double *values, size_t columns) {
    ct_buf_putc(out, '\n');
    for (size_t t = 0; t < c->n_times; t++) {
        ct_buf_printf(out, "%.9g", c->times_s[t]);
        for (size_t k = 0; k < columns; k++) put_value(out, values[t * columns + k]);
        ct_buf_putc(out, '\n');
    }
}

static ct_err write_points(const ct_flood_case *c, const char *folder) {
    ct_buf out;
    ct_buf_init(&out, (size_t)1 << 32);
    ct_buf_puts(&out, "time_s");
    for (size_t i = 0; i < c->n_points; i++)
        for (size_t k = 0; k < CT_CASE__SEEN; k++)
            ct_buf_printf(&out, ",%s %s", c->points[i].name,
                          ct_case__quantity_name(ct_case__seen[k]));
    put_rows(&out, c, c->seen, c->n_points * CT_CASE__SEEN);
    const ct_err err = ct_case__write_table(&out, folder, "points.csv");
    ct_buf_fini(&out);
    return err;
}

static ct_err write_sections(const ct_flood_case *c, const char *folder) {
    ct_buf out;
    if (c->n_sections == 0) return CT_OK;
    ct_buf_init(&out, (size_t)1 << 32);
    ct_buf_puts(&out, "time_s");
    for (size_t i = 0; i < c->n_sections; i++)
        ct_buf_printf(&out, ",%s discharge_m3s", c->sections[i].name);
    put_rows(&out, c, c->passed, c->n_sections);
    const ct_err err = ct_case__write_table(&out, folder, "sections.csv");
    ct_buf_fini(&out);
    return err;
}

// Levels, volumes and flows of storages and connections.
static ct_err write_storages(const ct_flood_case *c, const char *folder) {
    const ct_case__storages *s = c->storages;
    ct_buf out;
    if (!s) return CT_OK;
    ct_buf_init(&out, (size_t)1 << 32);
    ct_buf_puts(&out, "time_s");
    for (size_t i = 0; i < s->area_count; i++)
        ct_buf_printf(&out, ",%s level_m,%s volume_m3", s->area_names[i], s->area_names[i]);
    put_rows(&out, c, s->pools, 2 * s->area_count);
    ct_err err = ct_case__write_table(&out, folder, "storages.csv");
    ct_buf_reset(&out);
    ct_buf_puts(&out, "time_s");
    for (size_t i = 0; i < s->connection_count; i++)
        ct_buf_printf(&out, ",%s flow_m3s", s->connection_names[i]);
    put_rows(&out, c, s->flows, s->connection_count);
    if (err == CT_OK) err = ct_case__write_table(&out, folder, "connections.csv");
    ct_buf_fini(&out);
    return err;
}

static ct_err write_raster(const ct_flood_case *c, const ct_flood *flood, const char *folder,
                           ct_flood_array array, const char *name, const char *title,
                           const char *unit) {
    ct_grid grid;
    const ct_grid *s = &c->shape;
    char *path = ct_path_join(folder, name);
    if (!path) return CT_NOMEM;
    ct_err err = ct_grid_new(&grid, s->nx, s->ny, s->west_m, s->north_m, s->cell_m, NAN);
    if (err == CT_OK) {
        const double *v = ct_flood_get(flood, array);
        for (size_t i = 0, n = (size_t)s->nx * s->ny; i < n; i++)
            grid.v[i] = c->outside && c->outside[i] ? NAN : (float)v[i];
        err = ct_raster_write(path, &grid, c->crs, title, unit);
        ct_grid_free(&grid);
    }
    ct_free(path);
    return err;
}

ct_err ct_case__files_write(const ct_flood_case *c, const ct_flood *flood, const char *folder) {
    CT_TRY(ct_dir_make(folder));
    CT_TRY(write_points(c, folder));
    CT_TRY(write_sections(c, folder));
    CT_TRY(write_storages(c, folder));
    CT_TRY(write_raster(c, flood, folder, CT_FLOOD_DEPTH, "depth.tif", "depth at the end", "m"));
    CT_TRY(
        write_raster(c, flood, folder, CT_FLOOD_MAX_DEPTH, "max_depth.tif", "largest depth", "m"));
    CT_TRY(write_raster(c, flood, folder, CT_FLOOD_MAX_SPEED, "max_speed.tif", "largest speed",
                        "m/s"));
    CT_TRY(write_raster(c, flood, folder, CT_FLOOD_MAX_HAZARD, "max_hazard.tif",
                        "largest hazard rating", "m2/s"));
    if (c->params.soil_count > 0) {
        CT_TRY(write_raster(c, flood, folder, CT_FLOOD_INFILTRATED, "infiltrated.tif",
                            "taken up by the ground", "m"));
    }
    return write_raster(c, flood, folder, CT_FLOOD_ARRIVAL, "arrival.tif", "time of arrival", "s");
}
