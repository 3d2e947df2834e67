// The nameless file and the tree of those in it.
#include "export/city/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "export/city/room.h"

#define NOBODY CT_CITYOUT__NOBODY

ct_err ct_cityout__failed(const char *path) {
    return ct_file_blame(ct_fail(CT_IO, "%s: %s", path, strerror(errno)), path);
}

ct_err ct_cityout__open_nameless(FILE **out, const char *path) {
    char *name = ct_sprintf("%s.spool", path);
    if (!name) return CT_NOMEM;
    FILE *file = fopen(name, "w+be");
    const ct_err err = file && unlink(name) == 0 ? CT_OK : ct_cityout__failed(path);
    ct_free(name);
    if (err == CT_OK)
        *out = file;
    else if (file)
        (void)fclose(file);
    return err;
}

ct_err ct_cityout__spool_init(ct_cityout__spool *s, const char *path) {
    *s = (ct_cityout__spool){
        .path = path, .ids = ct_arena_new(1 << 16, 0), .index = ct_strmap_new(1024)};
    if (!s->ids || !s->index) return CT_NOMEM;
    return ct_cityout__open_nameless(&s->file, path);
}

void ct_cityout__spool_fini(ct_cityout__spool *s) {
    if (s->file) (void)fclose(s->file);
    ct_arena_free(s->ids);
    ct_strmap_free(s->index);
    ct_free(s->entries);
    *s = (ct_cityout__spool){0};
}

static ct_err keep(const char **out, ct_cityout__spool *s, const char *id) {
    *out = id ? ct_arena_strdup(s->ids, id) : NULL;
    return *out || !id ? CT_OK : CT_NOMEM;
}

ct_err ct_cityout__spool_put(ct_cityout__spool *s, const char *id, const char *const wishes[2],
                             const ct_buf *record) {
    ct_cityout__entry e = {.offset = s->length,
                           .length = record->len,
                           .parent = NOBODY,
                           .child = NOBODY,
                           .last = NOBODY,
                           .next = NOBODY};
    CT_TRY(ct_buf_status(record));
    CT_TRY(keep(&e.id, s, id));
    for (int i = 0; i < 2; i++) CT_TRY(keep(&e.wishes[i], s, wishes[i]));
    CT_TRY(ct_cityout__room(&s->entries, &s->room, s->n, 1, sizeof *s->entries));
    CT_TRY(ct_strmap_put(s->index, e.id, s->n));
    if (record->len && fwrite(record->data, 1, record->len, s->file) != record->len)
        return ct_cityout__failed(s->path);
    s->entries[s->n++] = e;
    s->length += record->len;
    return CT_OK;
}

ct_err ct_cityout__spool_get(ct_buf *record, ct_cityout__spool *s, size_t entry) {
    const ct_cityout__entry *e = &s->entries[entry];
    ct_buf_reset(record);
    if (e->length == 0) return CT_OK;
    char *to = ct_buf_reserve(record, e->length);
    if (!to) return ct_buf_status(record);
    errno = EIO;
    if (fseeko(s->file, (off_t)e->offset, SEEK_SET) != 0 ||
        fread(to, 1, e->length, s->file) != e->length)
        return ct_cityout__failed(s->path);
    record->len += e->length;
    return CT_OK;
}

static size_t find_parent(const ct_cityout__spool *s, size_t i) {
    for (int k = 0; k < 2; k++) {
        size_t at;
        const char *wish = s->entries[i].wishes[k];
        if (wish && ct_strmap_get(&at, s->index, wish) && at != i) return at;
    }
    return NOBODY;
}

// Whether the way up from the entry ends, and is no longer than readers follow.
static bool ends(const ct_cityout__spool *s, size_t i) {
    for (int depth = 0; depth < CT_CITYOUT__MAX_DEPTH; depth++) {
        i = s->entries[i].parent;
        if (i == NOBODY) return true;
    }
    return false;
}

void ct_cityout__spool_link(ct_cityout__spool *s) {
    for (size_t i = 0; i < s->n; i++) s->entries[i].parent = find_parent(s, i);
    for (size_t i = 0; i < s->n; i++)
        if (!ends(s, i)) s->entries[i].parent = NOBODY;
    for (size_t i = 0; i < s->n; i++) {
        const size_t parent = s->entries[i].parent;
        if (parent == NOBODY) continue;
        ct_cityout__entry *p = &s->entries[parent];
        if (p->last == NOBODY)
            p->child = i;
        else
            s->entries[p->last].next = i;
        p->last = i;
    }
}
