// Zarr chunks: slices cut into squares, zlib-compressed, each a file of its own.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "results/zarr.h"

#define CHUNK_VALUES ((size_t)CT_ZARR_CHUNK * CT_ZARR_CHUNK)

static char *chunk_path(const char *folder, long time_index, uint32_t chunk_row,
                        uint32_t chunk_col) {
    if (time_index < 0) return ct_sprintf("%s/%u.%u", folder, chunk_row, chunk_col);
    return ct_sprintf("%s/%ld.%u.%u", folder, time_index, chunk_row, chunk_col);
}

static uint32_t chunks_along(uint32_t cells) {
    return (cells + CT_ZARR_CHUNK - 1) / CT_ZARR_CHUNK;
}

static ct_err write_failed(const char *path) {
    char text[128];
    const int reason = errno;
    const ct_err err = reason == ENOSPC || reason == EDQUOT ? CT_DISKFULL
                       : reason == EROFS                    ? CT_READONLY
                                                            : CT_IO;
    return ct_fail(err, "%s: cannot write: %s", path, strerror_r(reason, text, sizeof text));
}

// Plain write: the folder as a whole is synced and renamed when the run is complete.
static ct_err write_plain(const char *path, const ct_buf *bytes) {
    FILE *file = fopen(path, "wb");
    if (!file) return write_failed(path);
    ct_err err = CT_OK;
    if (fwrite(bytes->data, 1, bytes->len, file) != bytes->len) err = write_failed(path);
    if (fclose(file) != 0 && err == CT_OK) err = write_failed(path);
    return err;
}

// Values outside the grid in the chunks of the last row and column are the fill value.
static void cut_chunk(float *chunk, const ct_grid *shape, const float *values, uint32_t cr,
                      uint32_t cc) {
    for (uint32_t r = 0; r < CT_ZARR_CHUNK; r++) {
        const uint32_t row = cr * CT_ZARR_CHUNK + r, first = cc * CT_ZARR_CHUNK;
        float *line = chunk + (size_t)r * CT_ZARR_CHUNK;
        uint32_t n = 0;
        if (row < shape->ny) {
            n = shape->nx - first < CT_ZARR_CHUNK ? shape->nx - first : CT_ZARR_CHUNK;
            memcpy(line, values + (size_t)row * shape->nx + first, n * sizeof *line);
        }
        for (uint32_t c = n; c < CT_ZARR_CHUNK; c++) line[c] = NAN;
    }
}

ct_err ct_results__zarr_write_slice(const char *folder, const ct_grid *shape, long time_index,
                                    const float *values) {
    CT_TRY(ct_dir_make(folder));
    float *chunk = ct_alloc(CHUNK_VALUES * sizeof *chunk);
    if (!chunk) return CT_NOMEM;
    ct_buf packed;
    ct_buf_init(&packed, CHUNK_VALUES * sizeof *chunk * 2);
    ct_err err = CT_OK;
    for (uint32_t cr = 0; err == CT_OK && cr < chunks_along(shape->ny); cr++)
        for (uint32_t cc = 0; err == CT_OK && cc < chunks_along(shape->nx); cc++) {
            cut_chunk(chunk, shape, values, cr, cc);
            ct_buf_reset(&packed);
            err = ct_zlib(&packed, chunk, CHUNK_VALUES * sizeof *chunk, 3);
            char *path = err == CT_OK ? chunk_path(folder, time_index, cr, cc) : NULL;
            if (err == CT_OK) err = path ? write_plain(path, &packed) : CT_NOMEM;
            ct_free(path);
        }
    ct_buf_fini(&packed);
    ct_free(chunk);
    return err;
}

// The plain values of one chunk file appended to `plain`.
static ct_err read_chunk(ct_buf *plain, const char *folder, long time_index, uint32_t cr,
                         uint32_t cc) {
    char *path = chunk_path(folder, time_index, cr, cc);
    if (!path) return CT_NOMEM;
    char *packed = NULL;
    size_t length = 0;
    ct_err err = ct_file_read(&packed, &length, path, CHUNK_VALUES * sizeof(float) * 2);
    if (err == CT_OK) err = ct_unzlib(plain, packed, length, CHUNK_VALUES * sizeof(float));
    if (err == CT_OK && plain->len != CHUNK_VALUES * sizeof(float))
        err = ct_fail(CT_CORRUPT, "the chunk has %zu bytes", plain->len);
    err = ct_context(err, "%s", path);
    ct_free(packed);
    ct_free(path);
    return err;
}

ct_err ct_results__zarr_read_slice(float *values, const char *folder, const ct_grid *shape,
                                   long time_index) {
    ct_buf plain;
    ct_buf_init(&plain, CHUNK_VALUES * sizeof(float) + 64);
    ct_err err = CT_OK;
    for (uint32_t cr = 0; err == CT_OK && cr < chunks_along(shape->ny); cr++)
        for (uint32_t cc = 0; err == CT_OK && cc < chunks_along(shape->nx); cc++) {
            ct_buf_reset(&plain);
            err = read_chunk(&plain, folder, time_index, cr, cc);
            if (err != CT_OK) break;
            const uint32_t first = cc * CT_ZARR_CHUNK;
            const uint32_t n =
                shape->nx - first < CT_ZARR_CHUNK ? shape->nx - first : CT_ZARR_CHUNK;
            for (uint32_t r = 0; r < CT_ZARR_CHUNK && cr * CT_ZARR_CHUNK + r < shape->ny; r++)
                memcpy(values + ((size_t)cr * CT_ZARR_CHUNK + r) * shape->nx + first,
                       plain.data + (size_t)r * CT_ZARR_CHUNK * sizeof(float), n * sizeof(float));
        }
    ct_buf_fini(&plain);
    return err;
}

ct_err ct_results__zarr_read_cell(float *value, const char *folder, const ct_grid *shape,
                                  long time_index, uint32_t row, uint32_t column) {
    if (row >= shape->ny || column >= shape->nx)
        return ct_fail(CT_RANGE, "cell (%u, %u) is outside", row, column);
    ct_buf plain;
    ct_buf_init(&plain, CHUNK_VALUES * sizeof(float) + 64);
    ct_err err =
        read_chunk(&plain, folder, time_index, row / CT_ZARR_CHUNK, column / CT_ZARR_CHUNK);
    if (err == CT_OK)
        memcpy(value,
               plain.data +
                   ((size_t)(row % CT_ZARR_CHUNK) * CT_ZARR_CHUNK + column % CT_ZARR_CHUNK) *
                       sizeof(float),
               sizeof *value);
    ct_buf_fini(&plain);
    return err;
}
