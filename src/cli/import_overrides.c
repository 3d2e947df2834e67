// Tables of overrides into the twin: all lines of all files, or none.
#include "cli/import_overrides.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/strmap.h"
#include "ingest/overrides.h"

typedef struct changed { // features with their new values, in the order in which they are named
    ct_arena *arena;
    ct_strmap *place;
    ct_feature *at;
    size_t n, room;
} changed;

typedef struct overriding {
    const ct_twin *twin;
    ct_reader *reader;
    ct_diagnostics *diagnostics;
    changed features;
    size_t n, n_errors;
} overriding;

static ct_err feature_of(ct_feature **out, overriding *o, const char *id) {
    changed *c = &o->features;
    size_t at = c->n;
    if (ct_strmap_get(&at, c->place, id)) {
        *out = &c->at[at];
        return CT_OK;
    }
    if (c->n == c->room) {
        const size_t room = c->room ? 2 * c->room : 64;
        ct_feature *grown = ct_arena_calloc(c->arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (c->n) memcpy(grown, c->at, c->n * sizeof *grown);
        c->at = grown;
        c->room = room;
    }
    const ct_err err = ct_reader_get(&c->at[c->n], c->arena, o->reader, NULL, id);
    if (err == CT_NOTFOUND) return ct_fail(CT_NOTFOUND, "there is no feature \"%.120s\"", id);
    CT_TRY(err);
    CT_TRY(ct_strmap_put(c->place, c->at[c->n].id, c->n));
    *out = &c->at[c->n++];
    return CT_OK;
}

// What is wrong with the line is told; other failures end the import.
static ct_err take_line(overriding *o, const char *file, const ct_override *line) {
    ct_feature *f;
    ct_err err = feature_of(&f, o, line->id);
    if (err == CT_OK) err = ct_override_apply(f, o->features.arena, line);
    o->n += err == CT_OK;
    if (err != CT_NOTFOUND && err != CT_PARSE && err != CT_RANGE && err != CT_GEOM) return err;
    char where[192];
    snprintf(where, sizeof where, "%.120s:%zu", file, line->line);
    ct_diagnostics_add(o->diagnostics, CT_SEVERITY_ERROR, "override", where, "%s",
                       ct_err_message());
    o->n_errors++;
    return CT_OK;
}

static ct_err take_file(overriding *o, const char *path) {
    ct_override *lines;
    size_t n;
    const ct_err err = ct_overrides_read(&lines, &n, o->features.arena, path, o->diagnostics);
    if (err == CT_PARSE && ct_diagnostics_count(o->diagnostics, CT_SEVERITY_ERROR)) {
        o->n_errors++;
        return CT_OK; // the other files may have more to tell
    }
    CT_TRY(err);
    for (size_t i = 0; i < n; i++) CT_TRY(take_line(o, ct_path_name(path), &lines[i]));
    return CT_OK;
}

static ct_err first_error(const overriding *o) {
    for (size_t i = 0; i < ct_diagnostics_kept(o->diagnostics); i++) {
        const ct_diagnostic *d = ct_diagnostics_at(o->diagnostics, i);
        if (d->severity == CT_SEVERITY_ERROR) return ct_fail(CT_PARSE, "%s: %s", d->where, d->text);
    }
    return CT_OK;
}

static ct_err import_all(overriding *o, const ct_args *args, ct_writer *writer) {
    for (size_t i = 1; i < ct_args_count(args); i++) CT_TRY(take_file(o, ct_args_at(args, i)));
    if (o->n_errors) return first_error(o);
    for (size_t i = 0; writer && i < o->features.n; i++)
        CT_TRY(ct_writer_replace(writer, &o->features.at[i]));
    return CT_OK;
}

ct_err ct_import_overrides(size_t *n, const ct_args *args, const ct_twin *twin, ct_writer *writer,
                           ct_diagnostics *diagnostics) {
    overriding o = {.twin = twin, .diagnostics = diagnostics};
    o.features.arena = ct_arena_new(256 << 10, (size_t)4 << 30);
    o.features.place = ct_strmap_new(256);
    ct_err err = o.features.arena && o.features.place ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_store_reader(&o.reader, twin->store);
    if (err == CT_OK) err = import_all(&o, args, writer);
    if (o.reader) ct_reader_release(o.reader);
    ct_strmap_free(o.features.place);
    ct_arena_free(o.features.arena);
    if (err == CT_OK) *n = o.n;
    return err;
}
