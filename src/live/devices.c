// The table of devices: read from the store, looked up, what is to be told of it.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "live/live_private.h"

#define MAX_DEVICES 1000000
#define MAX_OTHERS  16 // properties of a device beside its own: a bound on what a publisher can make

typedef struct loader {
    ct_device_table *table;
    size_t capacity;
} loader;

static const char *keep(ct_arena *arena, const ct_feature *f, const char *attr) {
    return ct_arena_strdup(arena, ct_feature_text(f, attr, ""));
}

static ct_err add_device(loader *l, const ct_feature *f) {
    ct_device_table *t = l->table;
    if (t->n == MAX_DEVICES) return ct_fail(CT_LIMIT, "more than %d devices", MAX_DEVICES);
    if (t->n == l->capacity) {
        const size_t capacity = l->capacity ? 2 * l->capacity : 256;
        ct_device *grown = ct_realloc(t->devices, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        t->devices = grown;
        l->capacity = capacity;
    }
    ct_device *d = &t->devices[t->n];
    *d = (ct_device){.id = ct_arena_strdup(t->arena, f->id)};
    d->kind = keep(t->arena, f, "kind");
    d->property = keep(t->arena, f, "property");
    d->unit = keep(t->arena, f, "unit");
    d->building = keep(t->arena, f, "building");
    d->yellow = ct_feature_number(f, "threshold_yellow", (double)NAN);
    d->red = ct_feature_number(f, "threshold_red", (double)NAN);
    d->low = ct_feature_number(f, "threshold_low", (double)NAN);
    d->interval_s = ct_feature_number(f, "interval_s", 0);
    if (!d->id || !d->kind || !d->property || !d->unit || !d->building) return CT_NOMEM;
    t->n++;
    return CT_OK;
}

static ct_err read_devices(loader *l, ct_cursor *cursor) {
    const ct_feature *feature;
    ct_err err;
    while ((err = ct_cursor_next(cursor, &feature)) == CT_OK) CT_TRY(add_device(l, feature));
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err index_devices(ct_device_table *t) {
    t->by_id = ct_strmap_new(t->n);
    t->others = ct_strmap_new(0);
    t->untold = ct_calloc(t->n, sizeof *t->untold);
    t->is_untold = ct_calloc(t->n, sizeof *t->is_untold);
    if (!t->by_id || !t->others || !t->untold || !t->is_untold) return CT_NOMEM;
    for (size_t i = 0; i < t->n; i++) CT_TRY(ct_strmap_put(t->by_id, t->devices[i].id, i));
    return CT_OK;
}

ct_err ct_live__load_table(ct_device_table *out, ct_store *store) {
    const ct_class *cls = ct_catalogue_by_name(ct_store_catalogue(store), "device");
    if (!cls) return ct_fail(CT_NOTFOUND, "the catalogue has no class \"device\"");
    ct_device_table table = {.arena = ct_arena_new(1 << 16, 0)};
    if (!table.arena) return CT_NOMEM;
    loader l = {&table, 0};
    ct_query query;
    ct_query_init(&query, cls);
    query.skip_geometry = true;
    ct_reader *reader = NULL;
    ct_cursor *cursor = NULL;
    ct_err err = ct_store_reader(&reader, store);
    if (err == CT_OK) err = ct_cursor_open(&cursor, reader, &query);
    if (err == CT_OK) err = read_devices(&l, cursor);
    ct_cursor_close(cursor);
    if (reader) ct_reader_release(reader);
    if (err == CT_OK) err = index_devices(&table);
    if (err == CT_OK)
        *out = table;
    else
        ct_live__free_table(&table);
    return err;
}

void ct_live__free_table(ct_device_table *table) {
    ct_strmap_free(table->by_id);
    ct_strmap_free(table->others);
    ct_free(table->untold);
    ct_free(table->is_untold);
    ct_free(table->devices);
    ct_arena_free(table->arena);
    *table = (ct_device_table){0};
}

ct_device *ct_live__find(const ct_device_table *table, const char *id) {
    size_t i;
    return ct_strmap_get(&i, table->by_id, id) ? &table->devices[i] : NULL;
}

ct_err ct_live__may_report(bool *may, ct_device_table *table, const ct_device *device,
                           const char *property) {
    size_t known = 0;
    *may = true;
    if (strcmp(property, device->property) == 0) return CT_OK;
    char *key = ct_sprintf("%s\n%s", device->id, property);
    if (!key) return CT_NOMEM;
    const bool there = ct_strmap_get(&known, table->others, key);
    const bool has_others = ct_strmap_get(&known, table->others, device->id);
    ct_err err = CT_OK;
    if (!there && has_others && known >= MAX_OTHERS) {
        *may = false;
    } else if (!there) {
        const char *kept = ct_arena_strdup(table->arena, key);
        err = kept ? ct_strmap_put(table->others, kept, 1) : CT_NOMEM;
        if (err == CT_OK)
            err = ct_strmap_put(table->others, device->id, has_others ? known + 1 : 1);
    }
    ct_free(key);
    return err;
}

void ct_live__mark_untold(ct_device_table *table, size_t device) {
    if (table->is_untold[device]) return;
    table->is_untold[device] = true;
    table->untold[table->n_untold++] = device;
}

ct_device_state ct_live__state(const ct_device *d) {
    if (d->silent || !d->has_value) return CT_DEVICE_SILENT;
    if (d->quality == 2) return CT_DEVICE_FAULT;
    return d->has_alarm ? CT_DEVICE_ALARM : CT_DEVICE_OK;
}

const char *ct_live__state_name(ct_device_state state) {
    static const char *const k_names[] = {"ok", "alarm", "silent", "fault"};
    return k_names[state];
}
