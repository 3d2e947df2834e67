// A change set laid over the stored features.
#include "sim/domain/merged.h"

#include <string.h>

// Carries the edits after `first` that name the feature's id into it. *gone: the last word is that
// it is removed.
static ct_err fold(ct_feature *feature, bool *gone, ct_arena *arena, const ct_changeset *edits,
                   size_t first) {
    for (size_t i = first; i < ct_changeset_count(edits); i++) {
        const ct_edit *edit = ct_changeset_at(edits, i);
        if (strcmp(edit->id, feature->id) != 0) continue;
        if (edit->op == CT_EDIT_REMOVE) {
            *gone = true;
        } else if (edit->op == CT_EDIT_ADD) {
            CT_TRY(ct_feature_copy(feature, arena, &edit->feature));
            *gone = false;
        } else if (!*gone) {
            const ct_feature base = *feature;
            CT_TRY(ct_context(ct_edit_apply(feature, arena, edit, &base), "edits[%zu]", i));
        }
    }
    return CT_OK;
}

static ct_err visit_stored(ct_cursor *cursor, ct_arena *arena, const ct_changeset *edits,
                           ct_err (*visit)(void *context, const ct_feature *feature),
                           void *context) {
    const ct_feature *stored;
    ct_err err;
    while ((err = ct_cursor_next(cursor, &stored)) == CT_OK) {
        if (!edits || !ct_changeset_find(edits, stored->id)) {
            CT_TRY(visit(context, stored));
            continue;
        }
        ct_arena_reset(arena);
        ct_feature edited = *stored;
        bool gone = false;
        CT_TRY(fold(&edited, &gone, arena, edits, 0));
        // An id that was removed and added again in another class belongs to that one.
        if (!gone && edited.cls == stored->cls) CT_TRY(visit(context, &edited));
    }
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err visit_added(ct_arena *arena, ct_reader *reader, const ct_changeset *edits,
                          const ct_class *cls,
                          ct_err (*visit)(void *context, const ct_feature *feature),
                          void *context) {
    for (size_t i = 0; i < ct_changeset_count(edits); i++) {
        const ct_edit *edit = ct_changeset_at(edits, i);
        if (edit->op != CT_EDIT_ADD || edit->feature.cls != cls) continue;
        ct_arena_reset(arena);
        ct_feature feature;
        const ct_err stored = ct_reader_get(&feature, arena, reader, cls, edit->id);
        if (stored == CT_OK) continue; // came with the stored ones already
        if (stored != CT_NOTFOUND) return stored;
        CT_TRY(ct_feature_copy(&feature, arena, &edit->feature));
        bool gone = false;
        CT_TRY(fold(&feature, &gone, arena, edits, i + 1));
        if (!gone && feature.cls == cls) CT_TRY(visit(context, &feature));
    }
    return CT_OK;
}

ct_err ct_merged_each(ct_reader *reader, const ct_changeset *edits, const ct_class *cls,
                      ct_err (*visit)(void *context, const ct_feature *feature), void *context) {
    ct_query query;
    ct_query_init(&query, cls);
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    if (!arena) return CT_NOMEM;
    ct_cursor *cursor = NULL;
    ct_err err = ct_cursor_open(&cursor, reader, &query);
    if (err == CT_OK) err = visit_stored(cursor, arena, edits, visit, context);
    ct_cursor_close(cursor);
    if (err == CT_OK && edits) err = visit_added(arena, reader, edits, cls, visit, context);
    ct_arena_free(arena);
    return err;
}

// Whether the id exists just before edit `index`.
static ct_err exists_before(bool *out, ct_arena *arena, ct_reader *reader,
                            const ct_changeset *edits, size_t index, const char *id) {
    for (size_t i = index; i-- > 0;) {
        const ct_edit *edit = ct_changeset_at(edits, i);
        if (strcmp(edit->id, id) != 0) continue;
        *out = edit->op != CT_EDIT_REMOVE;
        return CT_OK;
    }
    ct_feature stored;
    const ct_err err = ct_reader_get(&stored, arena, reader, NULL, id);
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    *out = err == CT_OK;
    return CT_OK;
}

ct_err ct_merged_check(ct_reader *reader, const ct_changeset *edits) {
    ct_arena *arena = ct_arena_new(1 << 14, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < ct_changeset_count(edits); i++) {
        const ct_edit *edit = ct_changeset_at(edits, i);
        bool there = false;
        ct_arena_reset(arena);
        err = exists_before(&there, arena, reader, edits, i, edit->id);
        if (err != CT_OK) break;
        if (edit->op == CT_EDIT_ADD && there)
            err = ct_fail(CT_EXISTS, "edits[%zu]: the id \"%s\" is used already", i, edit->id);
        else if (edit->op != CT_EDIT_ADD && !there)
            err = ct_fail(CT_NOTFOUND, "edits[%zu]: there is no feature \"%s\"", i, edit->id);
    }
    ct_arena_free(arena);
    return err;
}
