// A change set laid over the stored features. The set holds one edit an id, save a removal followed
// by an addition (model/changeset.h), so the last edit of an id says it all.
#include "sim/domain/merged.h"

#include <stdio.h>
#include <string.h>

typedef struct walk {
    ct_reader *reader;
    const ct_changeset *edits;
    ct_arena *arena; // of the feature in hand
    ct_err (*visit)(void *context, const ct_feature *feature);
    void *context;
} walk;

static ct_err visit_edited(const walk *w, const ct_feature *stored, const ct_edit *edit) {
    ct_feature edited;
    switch (edit->op) {
    case CT_EDIT_REMOVE: return CT_OK;
    case CT_EDIT_ADD: // in another class it comes among that one's additions
        return edit->feature.cls == stored->cls ? w->visit(w->context, &edit->feature) : CT_OK;
    case CT_EDIT_SET:
        ct_arena_reset(w->arena);
        CT_TRY(ct_context(ct_edit_apply(&edited, w->arena, edit, stored), "edits: \"%s\"",
                          stored->id));
        return w->visit(w->context, &edited);
    }
    return CT_INTERNAL;
}

static ct_err visit_stored(const walk *w, ct_cursor *cursor) {
    const ct_feature *stored;
    ct_err err;
    while ((err = ct_cursor_next(cursor, &stored)) == CT_OK) {
        const ct_edit *edit = w->edits ? ct_changeset_find(w->edits, stored->id) : NULL;
        CT_TRY(edit ? visit_edited(w, stored, edit) : w->visit(w->context, stored));
    }
    return err == CT_NOTFOUND ? CT_OK : err;
}

static ct_err visit_added(const walk *w, const ct_class *cls) {
    for (size_t i = 0; i < ct_changeset_count(w->edits); i++) {
        const ct_edit *edit = ct_changeset_at(w->edits, i);
        if (edit->op != CT_EDIT_ADD || edit->feature.cls != cls) continue;
        ct_feature feature = edit->feature;
        char name[32];
        if (edit->id) {
            ct_feature stored;
            ct_arena_reset(w->arena);
            const ct_err err = ct_reader_get(&stored, w->arena, w->reader, cls, edit->id);
            if (err == CT_OK) continue; // came in the stored one's place
            if (err != CT_NOTFOUND) return err;
        } else {
            snprintf(name, sizeof name, "~new-%zu", i);
            feature.id = name;
        }
        CT_TRY(w->visit(w->context, &feature));
    }
    return CT_OK;
}

ct_err ct_merged_each(ct_reader *reader, const ct_changeset *edits, const ct_class *cls,
                      ct_err (*visit)(void *context, const ct_feature *feature), void *context) {
    ct_query query;
    ct_query_init(&query, cls);
    const walk w = {reader, edits, ct_arena_new(1 << 16, 0), visit, context};
    if (!w.arena) return CT_NOMEM;
    ct_cursor *cursor = NULL;
    ct_err err = ct_cursor_open(&cursor, reader, &query);
    if (err == CT_OK) err = visit_stored(&w, cursor);
    ct_cursor_close(cursor);
    if (err == CT_OK && edits) err = visit_added(&w, cls);
    ct_arena_free(w.arena);
    return err;
}

static bool removed_before(const ct_changeset *edits, size_t index, const char *id) {
    for (size_t i = 0; i < index; i++) {
        const ct_edit *edit = ct_changeset_at(edits, i);
        if (edit->op == CT_EDIT_REMOVE && strcmp(edit->id, id) == 0) return true;
    }
    return false;
}

static ct_err check_edit(const ct_changeset *edits, size_t index, ct_reader *reader,
                         ct_arena *arena) {
    const ct_edit *edit = ct_changeset_at(edits, index);
    if (!edit->id) return CT_OK;
    ct_feature stored, edited;
    const ct_err err = ct_reader_get(&stored, arena, reader, NULL, edit->id);
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    const bool there = err == CT_OK;
    if (edit->op == CT_EDIT_ADD)
        return there && !removed_before(edits, index, edit->id)
                   ? ct_fail(CT_EXISTS, "edits: the id \"%s\" is used already", edit->id)
                   : CT_OK;
    if (!there) return ct_fail(CT_NOTFOUND, "edits: there is no feature \"%s\"", edit->id);
    if (edit->op == CT_EDIT_REMOVE) return CT_OK;
    return ct_context(ct_edit_apply(&edited, arena, edit, &stored), "edits: \"%s\"", edit->id);
}

ct_err ct_merged_check(ct_reader *reader, const ct_changeset *edits) {
    ct_arena *arena = ct_arena_new(1 << 14, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < ct_changeset_count(edits); i++) {
        ct_arena_reset(arena);
        err = check_edit(edits, i, reader, arena);
    }
    ct_arena_free(arena);
    return err;
}
