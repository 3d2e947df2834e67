// Reads the stand-ins of data/indoor.
#include "model/indoor/defaults.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"

enum { MAX_FILE_BYTES = 1 << 20, MAX_USES = 64, ARENA_BLOCK = 16 << 10, ARENA_MAX = 1 << 20 };
#define MOST 1000.0

// How sure a value is: data/schemas/indoor-*.schema.json has what the words mean.
static ct_err check_confidence(const json_t *json, const char *key, const char *where) {
    static const char *const words[] = {"confirmed", "secondary", "unconfirmed", "own"};
    const char *word;
    CT_TRY(ct_json_get_string(&word, json, key, where));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return CT_OK;
    return ct_fail(CT_PARSE, "%s: %s: confirmed, secondary, unconfirmed or own expected", where,
                   key);
}

static ct_err read_use(ct_indoor_use *out, ct_arena *arena, const json_t *json, const char *where) {
    static const char *const keys[] = {
        "use", "area_per_person_m2", "ceiling_m", "confidence", "source", NULL};
    const char *source;
    CT_TRY(ct_json_only(json, keys, where));
    CT_TRY(ct_json_get_string(&out->use, json, "use", where));
    CT_TRY(ct_json_get_string(&source, json, "source", where));
    const json_t *confidence = json_object_get(json, "confidence");
    if (!json_is_object(confidence))
        return ct_fail(CT_PARSE, "%s: confidence: an object expected", where);
    CT_TRY(check_confidence(confidence, "area_per_person_m2", where));
    CT_TRY(check_confidence(confidence, "ceiling_m", where));
    CT_TRY(
        ct_json_get_number(&out->area_per_person_m2, json, "area_per_person_m2", 0, MOST, where));
    CT_TRY(ct_json_get_number(&out->ceiling_m, json, "ceiling_m", 0.5, 100, where));
    out->use = ct_arena_strdup(arena, out->use);
    return out->use ? CT_OK : CT_NOMEM;
}

static ct_err read_rooms(ct_indoor_defaults *d, const json_t *root) {
    static const char *const keys[] = {"description", "uses", "other", NULL};
    const json_t *uses = json_object_get(root, "uses");
    const size_t n = json_array_size(uses);
    CT_TRY(ct_json_only(root, keys, "rooms.json"));
    if (n == 0 || n > MAX_USES)
        return ct_fail(CT_PARSE, "rooms.json: uses: a list of 1 to %d expected", MAX_USES);
    d->uses = ct_arena_calloc(d->arena, n, sizeof *d->uses);
    if (!d->uses) return CT_NOMEM;
    for (size_t i = 0; i < n; i++)
        CT_TRY(
            read_use(&d->uses[d->n_uses++], d->arena, json_array_get(uses, i), "rooms.json: uses"));
    return read_use(&d->other, d->arena, json_object_get(root, "other"), "rooms.json: other");
}

// {"value": ..., "confidence": ..., "source": ...}
static ct_err read_value(const json_t **out, const json_t *group, const char *key,
                         const char *where) {
    static const char *const keys[] = {"value", "confidence", "source", NULL};
    const json_t *entry = json_object_get(group, key);
    const char *source;
    if (!json_is_object(entry))
        return ct_fail(CT_PARSE, "%s: %s: an object with value and source expected", where, key);
    CT_TRY(ct_json_only(entry, keys, key));
    CT_TRY(check_confidence(entry, "confidence", key));
    CT_TRY(ct_json_get_string(&source, entry, "source", key));
    *out = json_object_get(entry, "value");
    return CT_OK;
}

static ct_err read_number(double *out, const json_t *group, const char *key, const char *where) {
    const json_t *v;
    CT_TRY(read_value(&v, group, key, where));
    if (!json_is_number(v) || json_number_value(v) < 0 || json_number_value(v) > MOST)
        return ct_fail(CT_PARSE, "%s: %s: a number from 0 to %g expected", where, key, MOST);
    *out = json_number_value(v);
    return CT_OK;
}

static ct_err read_yes(bool *out, const json_t *group, const char *key, const char *where) {
    const json_t *v;
    CT_TRY(read_value(&v, group, key, where));
    if (!json_is_boolean(v)) return ct_fail(CT_PARSE, "%s: %s: true or false expected", where, key);
    *out = json_is_true(v);
    return CT_OK;
}

static ct_err read_building(ct_indoor_defaults *d, const json_t *root) {
    static const char *const keys[] = {"description", "doors", "stairs", "separations", NULL};
    static const char *const where[] = {"building.json: doors", "building.json: stairs",
                                        "building.json: separations"};
    const json_t *doors = json_object_get(root, "doors"), *stairs = json_object_get(root, "stairs");
    const json_t *separations = json_object_get(root, "separations");
    CT_TRY(ct_json_only(root, keys, "building.json"));
    CT_TRY(read_number(&d->doors.frame_m, doors, "frame_m", where[0]));
    CT_TRY(read_number(&d->doors.width_m, doors, "width_m", where[0]));
    CT_TRY(read_number(&d->doors.height_m, doors, "height_m", where[0]));
    CT_TRY(read_yes(&d->doors.open, doors, "open", where[0]));
    CT_TRY(read_yes(&d->doors.rated_open, doors, "rated_open", where[0]));
    CT_TRY(read_number(&d->doors.leak_single_m2, doors, "leak_single_m2", where[0]));
    CT_TRY(read_number(&d->doors.leak_double_m2, doors, "leak_double_m2", where[0]));
    CT_TRY(read_number(&d->doors.leak_lift_m2, doors, "leak_lift_m2", where[0]));
    CT_TRY(read_number(&d->doors.double_from_m, doors, "double_from_m", where[0]));
    CT_TRY(read_number(&d->stairs.width_m, stairs, "width_m", where[1]));
    CT_TRY(read_number(&d->stairs.riser_m, stairs, "riser_m", where[1]));
    CT_TRY(read_number(&d->stairs.tread_m, stairs, "tread_m", where[1]));
    return read_number(&d->separating_min, separations, "rating_min", where[2]);
}

static ct_err read_file(ct_indoor_defaults *d, const char *folder, const char *name,
                        ct_err (*read)(ct_indoor_defaults *d, const json_t *root)) {
    json_t *root = NULL;
    char *path = ct_path_join(folder, name);
    ct_err err = path ? ct_json_read_file(&root, path, MAX_FILE_BYTES) : CT_NOMEM;
    if (err == CT_OK) err = read(d, root);
    json_decref(root);
    ct_free(path);
    return err;
}

ct_err ct_indoor_defaults_load(ct_indoor_defaults **out, const char *folder) {
    char *own = NULL;
    ct_indoor_defaults *d = ct_calloc(1, sizeof *d);
    ct_err err = d ? CT_OK : CT_NOMEM;
    if (d) d->arena = ct_arena_new(ARENA_BLOCK, ARENA_MAX);
    if (d && !d->arena) err = CT_NOMEM;
    if (err == CT_OK && !folder) err = ct_data_path(&own, "indoor");
    if (!folder) folder = own;
    if (err == CT_OK) err = read_file(d, folder, "rooms.json", read_rooms);
    if (err == CT_OK) err = read_file(d, folder, "building.json", read_building);
    ct_free(own);
    if (err == CT_OK)
        *out = d;
    else
        ct_indoor_defaults_free(d);
    return err;
}

void ct_indoor_defaults_free(ct_indoor_defaults *defaults) {
    if (!defaults) return;
    ct_arena_free(defaults->arena);
    ct_free(defaults);
}

const ct_indoor_use *ct_indoor_use_of(const ct_indoor_defaults *defaults, const char *use) {
    for (size_t i = 0; i < defaults->n_uses; i++)
        if (strcmp(defaults->uses[i].use, use) == 0) return &defaults->uses[i];
    return &defaults->other;
}
