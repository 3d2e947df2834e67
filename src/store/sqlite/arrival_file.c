// The file in which observations wait for their features: of each series what it is of, then its
// rows. Only this machine reads it again: numbers are as they are in memory.
#include "store/sqlite/arrival_file.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/folder.h"
#include "store/sqlite/obs_internal.h"

#define FILE_NAME  "observations"
#define MOST_BYTES ((size_t)1 << 30)

static const char magic[8] = "ctObAr1\n";

typedef struct head { // of a series; its names follow, each with a NUL, then its rows
    uint32_t device_bytes, property_bytes;
    uint64_t n_rows;
} head;

typedef struct stored {
    int64_t time_us;
    double value;
    int64_t quality;
} stored;

// ---- writing ------------------------------------------------------------------------------------

// How many rows in front are of one series.
static size_t count_series(const ct_observation *rows, size_t n) {
    size_t k = 1;
    while (k < n && strcmp(rows[k].device, rows->device) == 0 &&
           strcmp(rows[k].property, rows->property) == 0)
        k++;
    return k;
}

// What can be stored: once the features are there it is too late to refuse it.
static ct_err check_series(const ct_observation *rows, size_t n) {
    CT_TRY(ct_obs__name_check("device", rows->device));
    CT_TRY(ct_obs__name_check("property", rows->property));
    for (size_t i = 0; i < n; i++) CT_TRY(ct_obs__value_check(&rows[i]));
    return CT_OK;
}

static void put_series(ct_buf *out, const ct_observation *rows, size_t n) {
    const head h = {(uint32_t)strlen(rows->device) + 1, (uint32_t)strlen(rows->property) + 1, n};
    ct_buf_put(out, &h, sizeof h);
    ct_buf_put(out, rows->device, h.device_bytes);
    ct_buf_put(out, rows->property, h.property_bytes);
    for (size_t i = 0; i < n; i++) {
        const stored s = {rows[i].time_us, rows[i].value, rows[i].quality};
        ct_buf_put(out, &s, sizeof s);
    }
}

ct_err ct_store__arrival_write(const char *stage, const ct_observation *rows, size_t n) {
    ct_buf out;
    char *path = ct_path_join(stage, FILE_NAME);
    ct_err err = path ? CT_OK : CT_NOMEM;
    ct_buf_init(&out, MOST_BYTES);
    ct_buf_put(&out, magic, sizeof magic);
    for (size_t i = 0, of_one; i < n && err == CT_OK; i += of_one) {
        of_one = count_series(rows + i, n - i);
        err = check_series(rows + i, of_one);
        if (err == CT_OK) put_series(&out, rows + i, of_one);
    }
    if (err == CT_OK) err = ct_buf_status(&out);
    if (err == CT_OK) err = ct_file_write(path, out.data, out.len);
    ct_buf_fini(&out);
    ct_free(path);
    return err;
}

ct_err ct_store__arrival_append(const ct_store *store, const ct_observation *rows, size_t n,
                                int64_t *n_new) {
    ct_obs *obs = NULL;
    *n_new = 0;
    if (!n) return CT_OK;
    char *path = ct_store_file(store, CT_STORE__OBS);
    ct_err err = path ? ct_obs_open(&obs, path) : CT_NOMEM;
    if (err == CT_OK)
        err = ct_obs_append_many(obs, rows, n, ct_clock_now_us(ct_clock_real()), n_new);
    ct_obs_close(obs);
    ct_free(path);
    return err;
}

// ---- reading ------------------------------------------------------------------------------------

typedef struct reading {
    const ct_store *store;
    const char *at, *end; // of what is not read yet
    ct_observation *rows; // of devices that are in the twin; names borrowed from the text
    size_t n;
} reading;

static bool take(void *to, reading *r, size_t n) {
    if ((size_t)(r->end - r->at) < n) return false;
    memcpy(to, r->at, n);
    r->at += n;
    return true;
}

// NULL where it is none.
static const char *take_name(reading *r, size_t n) {
    const char *name = r->at;
    if (n == 0 || (size_t)(r->end - r->at) < n || strnlen(name, n) != n - 1) return NULL;
    r->at += n;
    return name;
}

static ct_err is_there(bool *out, const ct_store *store, const char *device) {
    const ct_class *cls;
    int64_t fid;
    const ct_err err = ct_store__find_id(&cls, &fid, store, store->main, device);
    *out = err == CT_OK;
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err broken(void) {
    return ct_fail(CT_CORRUPT, "observations of an import cannot be read");
}

static ct_err read_series(reading *r) {
    head h;
    bool there;
    if (!take(&h, r, sizeof h)) return broken();
    const char *device = take_name(r, h.device_bytes);
    const char *property = device ? take_name(r, h.property_bytes) : NULL;
    if (!property || h.n_rows > (size_t)(r->end - r->at) / sizeof(stored)) return broken();
    CT_TRY(is_there(&there, r->store, device));
    for (uint64_t i = 0; i < h.n_rows; i++) {
        stored s;
        if (!take(&s, r, sizeof s)) return broken();
        if (there)
            r->rows[r->n++] =
                (ct_observation){device, property, s.time_us, s.value, (int)s.quality};
    }
    return CT_OK;
}

static ct_err read_all(reading *r) {
    char begin[sizeof magic];
    r->rows = ct_calloc((size_t)(r->end - r->at) / sizeof(stored) + 1, sizeof *r->rows);
    if (!r->rows) return CT_NOMEM;
    if (!take(begin, r, sizeof begin) || memcmp(begin, magic, sizeof magic) != 0) return broken();
    while (r->at < r->end) CT_TRY(read_series(r));
    return CT_OK;
}

static ct_err finish_file(const ct_store *store, const char *path) {
    char *text;
    size_t length;
    int64_t n_new;
    CT_TRY(ct_file_read(&text, &length, path, MOST_BYTES));
    reading r = {.store = store, .at = text, .end = text + length};
    ct_err err = read_all(&r);
    if (err == CT_OK) err = ct_store__arrival_append(store, r.rows, r.n, &n_new);
    ct_free(r.rows);
    ct_free(text);
    return err;
}

ct_err ct_store__arrival_finish(const ct_store *store, const char *stage) {
    char *path = ct_path_join(stage, FILE_NAME);
    if (!path) return CT_NOMEM;
    const ct_err err = ct_file_exists(path) ? finish_file(store, path) : CT_OK;
    ct_free(path);
    return err;
}
