// A quick look at the bytes of the whole file, before it is parsed: which references lead out of
// the member of the model that they stand in, and whether there is anything that concerns more than
// one member. Most files have neither, and are then parsed once, member by member.
//
// It knows attributes and element names, no XML; what it takes for a reference and is none costs a
// look, no more.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ingest/citygml/survey.h"

// Bytes looked at in one go, with so many of before and after within sight.
enum { PIECE = 1 << 20, BEFORE = 2048, AFTER = 512 };

typedef struct reference { // from the member at work
    uint64_t hash;
    size_t at, n; // its text in `texts`
    bool part;    // of an object, which is one itself
} reference;

typedef struct scan {
    ct_citygml__survey *s;
    ct_buf ids;        // uint64_t of each id in the member
    ct_buf references; // struct reference of each in the member
    ct_buf texts;
} scan;

static int by_value(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static ct_err want(ct_citygml__survey *s, const char *id, size_t n, bool part) {
    enum { MOST = 4000000 };
    size_t at;
    const char *kept = ct_arena_strndup(s->arena, id, n);
    if (!kept) return CT_NOMEM;
    if (part) CT_TRY(ct_strmap_put(s->claimed, kept, CT_CITYGML__CLAIMED));
    if (ct_strmap_get(&at, s->wanted, kept)) return CT_OK;
    if (ct_strmap_count(s->wanted) >= MOST)
        return ct_fail(CT_LIMIT, "more than %d references from one member of the model to another",
                       MOST);
    return ct_strmap_put(s->wanted, kept, 0);
}

static ct_err end_member(scan *c) {
    const size_t n_ids = c->ids.len / sizeof(uint64_t);
    const size_t n = c->references.len / sizeof(reference);
    ct_err err = CT_OK;
    CT_TRY(ct_buf_status(&c->ids));
    CT_TRY(ct_buf_status(&c->references));
    CT_TRY(ct_buf_status(&c->texts));
    if (n && n_ids) qsort(c->ids.data, n_ids, sizeof(uint64_t), by_value);
    for (size_t i = 0; i < n && err == CT_OK; i++) {
        reference r;
        memcpy(&r, c->references.data + i * sizeof r, sizeof r);
        if (!n_ids || !bsearch(&r.hash, c->ids.data, n_ids, sizeof(uint64_t), by_value))
            err = want(c->s, c->texts.data + r.at, r.n, r.part);
    }
    ct_buf_reset(&c->ids);
    ct_buf_reset(&c->references);
    ct_buf_reset(&c->texts);
    return err;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_with(const char *begin, const char *end, const char *word) {
    const size_t n = strlen(word);
    return (size_t)(end - begin) >= n && memcmp(end - n, word, n) == 0;
}

// The name of the tag that the place is in, without its prefix.
static const char *tag_at(size_t *n, const char *begin, const char *at) {
    const char *open = memrchr(begin, '<', (size_t)(at - begin));
    const char *name = open ? open + 1 : at, *end = name;
    while (end < at && !is_blank(*end) && *end != '>') {
        if (*end == ':') name = end + 1;
        end++;
    }
    *n = (size_t)(end - name);
    return name;
}

// The attribute whose equals sign is at `at`: an id or a reference to one, else nothing.
static ct_err look_at_attribute(scan *c, const char *begin, const char *at, const char *end) {
    const char *name_end = at, *value = at + 1;
    while (name_end > begin && is_blank(name_end[-1])) name_end--;
    const bool id = ends_with(begin, name_end, ":id") || ends_with(begin, name_end, " id");
    if (!id && !ends_with(begin, name_end, "href")) return CT_OK;
    while (value < end && is_blank(*value)) value++;
    if (value >= end || (*value != '"' && *value != '\'')) return CT_OK;
    const char *close = memchr(value + 1, *value, (size_t)(end - value - 1));
    value++;
    if (!close) return CT_OK; // longer than any id
    if (id) {
        const uint64_t hash = ct_hash_bytes(value, (size_t)(close - value)).low;
        ct_buf_put(&c->ids, &hash, sizeof hash);
        return CT_OK;
    }
    size_t n;
    const char *tag = tag_at(&n, begin, at);
    const bool part = ct_citygml__is_part_link(tag, n);
    if (close == value || *value++ != '#') return CT_OK;
    if (!part && !ct_citygml__is_shape_link(tag, n)) return CT_OK;
    const reference r = {ct_hash_bytes(value, (size_t)(close - value)).low, c->texts.len,
                         (size_t)(close - value), part};
    ct_buf_put(&c->references, &r, sizeof r);
    ct_buf_put(&c->texts, value, r.n);
    return CT_OK;
}

// A word that ends in "Member", at its end.
static ct_err look_at_member(scan *c, const char *begin, const char *at) {
    ct_citygml__survey *s = c->s;
    if (ends_with(begin, at, "cityObjectMember") || ends_with(begin, at, "featureMember"))
        return end_member(c);
    if (ends_with(begin, at, "appearanceMember")) s->needed = true;
    if (ends_with(begin, at, "versionMember")) { // of the model, or of an object in a version
        s->needed = true;
        return end_member(c);
    }
    if (ends_with(begin, at, "groupMember")) s->needed = true;
    return CT_OK;
}

// What of the text ends before `until`; beyond and before it may be looked at.
static ct_err look_at(scan *c, const char *text, size_t from, size_t until, size_t held) {
    static const char word[] = "Member";
    const char *const end = text + until;
    // A word may begin before the end and go on beyond.
    const char *const word_end =
        held - until < sizeof word - 2 ? text + held : end + sizeof word - 2;
    const char *member =
        memmem(text + from, (size_t)(word_end - text) - from, word, sizeof word - 1);
    for (const char *at = text + from; at < end; at++) {
        const char *sign = memchr(at, '=', (size_t)(end - at));
        while (member && (!sign || member < sign)) {
            const char *next = member + sizeof word - 1;
            CT_TRY(look_at_member(c, text, next));
            member =
                next < end ? memmem(next, (size_t)(word_end - next), word, sizeof word - 1) : NULL;
        }
        if (!sign) break;
        const char *ahead = text + held - sign > AFTER ? sign + AFTER : text + held;
        CT_TRY(look_at_attribute(c, sign - text > BEFORE ? sign - BEFORE : text, sign, ahead));
        at = sign;
    }
    return CT_OK;
}

static ct_err read_pieces(scan *c, FILE *file, char *text) {
    size_t held = 0, from = 0;
    for (;;) {
        const size_t n = fread(text + held, 1, PIECE + BEFORE + AFTER - held, file);
        held += n;
        const bool last = n == 0;
        const size_t until = last ? held : held > AFTER ? held - AFTER : 0;
        if (until > from) CT_TRY(look_at(c, text, from, until, held));
        if (last) return end_member(c);
        const size_t begin = until > BEFORE ? until - BEFORE : 0;
        memmove(text, text + begin, held - begin);
        held -= begin;
        from = (until > from ? until : from) - begin;
    }
}

ct_err ct_citygml__scan(ct_citygml__survey *s, const char *path) {
    enum { MOST = 1 << 30 };
    scan c = {.s = s};
    FILE *file = fopen(path, "rb");
    char *text = ct_alloc(PIECE + BEFORE + AFTER);
    ct_err err = text ? CT_OK : CT_NOMEM;
    ct_buf_init(&c.ids, MOST);
    ct_buf_init(&c.references, MOST);
    ct_buf_init(&c.texts, MOST);
    if (err == CT_OK && !file) err = ct_fail(CT_IO, "cannot be opened");
    if (err == CT_OK) err = read_pieces(&c, file, text);
    if (err == CT_OK) s->needed |= ct_strmap_count(s->wanted) > 0;
    ct_buf_fini(&c.ids);
    ct_buf_fini(&c.references);
    ct_buf_fini(&c.texts);
    ct_free(text);
    if (file) (void)fclose(file);
    return err;
}
