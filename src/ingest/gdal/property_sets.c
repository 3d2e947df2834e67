// The table "property_sets" of our own GeoPackages (export/gdal/gpkg.c): which properties came with
// which feature. Read before the layers, as their features are handed over with them.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strmap.h"
#include "ingest/gdal/gdal.h"

enum { FIELDS = 6, MAX_PROPERTIES = 20000000 };
static const char *const fields[FIELDS] = {"feature", "property_set", "name",
                                           "type",    "value",        "unit"};

typedef struct entry {
    ct_property property;
    const char *feature;
    size_t next; // of the same feature + 1, the other way round; 0 = none
    bool given;  // to its feature
} entry;

struct ct_ingest__sets {
    ct_arena *arena;
    entry *entries;
    size_t n, capacity;
    ct_strmap *last; // feature to its last entry
};

void ct_ingest__sets_free(ct_ingest__sets *sets) {
    if (!sets) return;
    ct_strmap_free(sets->last);
    ct_free(sets->entries);
    ct_arena_free(sets->arena);
    ct_free(sets);
}

bool ct_ingest__is_sets(OGRLayerH layer) {
    if (strcmp(OGR_L_GetName(layer), "property_sets") != 0) return false;
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    for (int i = 0; i < FIELDS; i++)
        if (OGR_FD_GetFieldIndex(definition, fields[i]) < 0) return false;
    return true;
}

static ct_err read_value(ct_value *out, const char *type, const char *text) {
    ct_value value = {CT_VALUE_NULL, {0}};
    char *end = NULL;
    errno = 0;
    if (strcmp(type, "integer") == 0) {
        value.kind = CT_VALUE_INTEGER;
        value.as.integer = strtoll(text, &end, 10);
    } else if (strcmp(type, "real") == 0) {
        value.kind = CT_VALUE_REAL;
        value.as.real = strtod(text, &end);
    } else if (strcmp(type, "boolean") == 0) {
        value.kind = CT_VALUE_BOOLEAN;
        value.as.boolean = strcmp(text, "true") == 0;
        if (!value.as.boolean && strcmp(text, "false") != 0)
            return ct_fail(CT_PARSE, "\"%.40s\" is neither true nor false", text);
    } else if (strcmp(type, "text") == 0) {
        value.kind = CT_VALUE_TEXT;
        value.as.text = text;
    } else if (strcmp(type, "null") != 0) {
        return ct_fail(CT_PARSE, "\"%.40s\" is no type of a property", type);
    }
    if (end && (*end || end == text || (errno == ERANGE && value.kind == CT_VALUE_INTEGER)))
        return ct_fail(CT_PARSE, "\"%.40s\" is no %s number", text, type);
    *out = value;
    return CT_OK;
}

static ct_err add_entry(ct_ingest__sets *sets, const entry *added) {
    if (sets->n == sets->capacity) {
        size_t capacity = sets->capacity ? 2 * sets->capacity : 256;
        if (capacity > MAX_PROPERTIES) capacity = MAX_PROPERTIES;
        if (sets->n == capacity)
            return ct_fail(CT_LIMIT, "more than %d properties", MAX_PROPERTIES);
        entry *grown = ct_realloc(sets->entries, capacity * sizeof *grown);
        if (!grown) return CT_NOMEM;
        sets->entries = grown;
        sets->capacity = capacity;
    }
    entry *e = &sets->entries[sets->n];
    size_t before = 0;
    *e = *added;
    e->next = ct_strmap_get(&before, sets->last, e->feature) ? before + 1 : 0;
    CT_TRY(ct_strmap_put(sets->last, e->feature, sets->n));
    sets->n++;
    return CT_OK;
}

static ct_err read_row(ct_ingest__sets *sets, OGRFeatureH row) {
    const char *texts[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
        const int field = OGR_F_GetFieldIndex(row, fields[i]);
        texts[i] = ct_arena_strdup(sets->arena, OGR_F_GetFieldAsString(row, field));
        if (!texts[i]) return CT_NOMEM;
    }
    entry e = {.feature = texts[0],
               .property = {.set = texts[1], .name = texts[2], .unit = texts[5]}};
    if (!*e.property.name) return ct_fail(CT_PARSE, "name: empty");
    CT_TRY(ct_context(read_value(&e.property.value, texts[3], texts[4]), "value"));
    return add_entry(sets, &e);
}

static ct_err read_layer(ct_ingest__sets *sets, ct_ingest__job *job, OGRLayerH layer) {
    char where[CT_INGEST__WHERE_BYTES];
    ct_err err = CT_OK;
    OGRFeatureH row;
    OGR_L_ResetReading(layer);
    while (err == CT_OK && !ct_ingest__hopeless(job) && (row = OGR_L_GetNextFeature(layer))) {
        snprintf(where, sizeof where, "%s:property_sets:row %lld", job->file,
                 (long long)OGR_F_GetFID(row));
        err = read_row(sets, row);
        if (err != CT_OK) err = ct_ingest__note(job, err, where);
        OGR_F_Destroy(row);
    }
    return err;
}

ct_err ct_ingest__sets_read(ct_ingest__sets **out, ct_ingest__job *job, OGRLayerH layer) {
    ct_ingest__sets *sets = ct_calloc(1, sizeof *sets);
    if (!sets) return CT_NOMEM;
    sets->arena = ct_arena_new(1U << 16, (size_t)4 << 30);
    sets->last = ct_strmap_new(1024);
    ct_err err = sets->arena && sets->last ? read_layer(sets, job, layer) : CT_NOMEM;
    if (err == CT_OK) {
        *out = sets;
    } else {
        ct_ingest__sets_free(sets);
    }
    return err;
}

ct_err ct_ingest__sets_give(ct_feature *f, ct_arena *arena, ct_ingest__sets *sets) {
    size_t at = 0, n = 0;
    if (!sets || !ct_strmap_get(&at, sets->last, f->id)) return CT_OK;
    for (size_t i = at + 1; i; i = sets->entries[i - 1].next) n++;
    ct_property *list = ct_arena_calloc(arena, n, sizeof *list);
    if (!list) return CT_NOMEM;
    f->properties = list;
    f->n_properties = n;
    for (size_t i = at + 1; i; i = sets->entries[i - 1].next) {
        list[--n] = sets->entries[i - 1].property;
        sets->entries[i - 1].given = true;
    }
    return CT_OK;
}

void ct_ingest__sets_tell(ct_ingest__job *job, const ct_ingest__sets *sets) {
    size_t left = 0, first = 0;
    for (size_t i = 0; sets && i < sets->n; i++) {
        if (sets->entries[i].given) continue;
        if (left++ == 0) first = i;
    }
    if (left)
        ct_diagnostics_add(job->diagnostics, CT_SEVERITY_WARNING, "property-left-out", job->file,
                           "%zu properties are of features that the file does not hold; the first "
                           "of \"%s\"",
                           left, sets->entries[first].feature);
}
