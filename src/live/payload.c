// Observation payloads: what is taken, and what is wrong with the rest.
#include <string.h>

#include "live/live_private.h"

#define PAYLOAD_MAX_BYTES ((size_t)16 << 20)
#define PAYLOAD_MAX_ROWS  100000
#define MIN_ROWS          16

static ct_err parse_row(ct_observation *out, ct_arena *arena, const char *device,
                        const json_t *object, const char *where) {
    static const char *const k_fields[] = {"t", "v", "property", "q", "device", NULL};
    const char *time, *property, *named;
    int64_t quality;
    ct_observation row = {0};
    CT_TRY(ct_json_only(object, k_fields, where));
    CT_TRY(ct_json_get_string(&time, object, "t", where));
    CT_TRY(ct_context(ct_time_parse(&row.time_us, time), "%s.t", where));
    CT_TRY(ct_json_get_number(&row.value, object, "v", -1e12, 1e12, where));
    CT_TRY(ct_json_int_or(&quality, object, "q", 0, 0, 2, where));
    CT_TRY(ct_json_string_or(&property, object, "property", NULL, where));
    CT_TRY(ct_json_string_or(&named, object, "device", device, where));
    if (!named) return ct_fail(CT_PARSE, "%s.device is missing", where);
    if (property && (!*property || strlen(property) > 64))
        return ct_fail(CT_RANGE, "%s.property: 1 to 64 bytes are taken", where);
    if (!ct_id_ok(named))
        return ct_fail(CT_PARSE, "%s.device: \"%.40s\" is not an id", where, named);
    // A broker that gives each device a topic of its own must not be got round.
    if (device && strcmp(named, device) != 0)
        return ct_fail(CT_PARSE, "%s.device: \"%.40s\" in the name of \"%.40s\"", where, named,
                       device);
    row.quality = (int)quality;
    row.device = ct_arena_strdup(arena, named);
    row.property = property ? ct_arena_strdup(arena, property) : NULL;
    if (!row.device || (property && !row.property)) return CT_NOMEM;
    *out = row;
    return CT_OK;
}

// Room for `more` rows behind `n`: the capacity is always the least power of two that holds the
// rows, so it need not be kept.
static ct_err make_room(ct_observation **rows, size_t n, size_t more, ct_arena *arena) {
    size_t had = n ? MIN_ROWS : 0, needed = MIN_ROWS;
    while (had && had < n) had *= 2;
    while (needed < n + more) needed *= 2;
    if (needed <= had) return CT_OK;
    ct_observation *grown = ct_arena_alloc(arena, needed * sizeof *grown);
    if (!grown) return CT_NOMEM;
    if (n) memcpy(grown, *rows, n * sizeof *grown);
    *rows = grown;
    return CT_OK;
}

static ct_err parse_rows(ct_observation **rows, size_t *n_rows, ct_arena *arena, const char *device,
                         const json_t *document) {
    const bool many = json_is_array(document);
    const size_t more = many ? json_array_size(document) : 1, before = *n_rows;
    if (more > PAYLOAD_MAX_ROWS)
        return ct_fail(CT_LIMIT, "%zu observations are over %d", more, PAYLOAD_MAX_ROWS);
    CT_TRY(make_room(rows, before, more, arena));
    for (size_t i = 0; i < more; i++) {
        char where[32];
        if (many)
            snprintf(where, sizeof where, "[%zu]", i);
        else
            snprintf(where, sizeof where, "observation");
        CT_TRY(parse_row(&(*rows)[before + i], arena, device,
                         many ? json_array_get(document, i) : document, where));
    }
    *n_rows = before + more;
    return CT_OK;
}

ct_err ct_live_parse(ct_observation **rows, size_t *n_rows, ct_arena *arena, const char *device,
                     const char *json, size_t length) {
    json_t *document = NULL;
    CT_TRY(ct_json_parse(&document, json, length, PAYLOAD_MAX_BYTES));
    const ct_err err =
        json_is_object(document) || json_is_array(document)
            ? parse_rows(rows, n_rows, arena, device, document)
            : ct_fail(CT_PARSE, "an observation is an object or an array of objects");
    json_decref(document);
    return err;
}
