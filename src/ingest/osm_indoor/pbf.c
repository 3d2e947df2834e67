// The binary form of OpenStreetMap (PBF: blocks of protocol buffers, each compressed by itself) as
// a stream of the same elements as the XML's. https://wiki.openstreetmap.org/wiki/PBF_Format has
// the numbers of the fields.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "ingest/osm_indoor/data.h"
#include "ingest/osm_indoor/pbf_wire.h"

enum {
    MOST_HEADER = 64 << 10, // of a block, and of its bytes, by the format itself
    MOST_BLOCK = 32 << 20,
    MOST_TAGS = 10000,
    MOST_NODES = 100000,
    LONGEST = 64 << 10
};

typedef struct reading {
    ct_osm__data *d;
    FILE *file;
    ct_arena *moment; // of the block at work
    ct_buf packed, plain;
    size_t n_blocks;
    const char **texts; // of the block
    size_t n_texts;
    int64_t granularity, lat0, lon0; // nanodegrees
} reading;

static ct_err broken(const reading *r, const char *what) {
    return ct_fail(CT_PARSE, "block %zu: %s", r->n_blocks, what);
}

// ---- blocks -------------------------------------------------------------------------------------

static ct_err take(reading *r, ct_buf *out, size_t n) {
    unsigned char *bytes = ct_alloc(n + 1);
    if (!bytes) return CT_NOMEM;
    const bool whole = fread(bytes, 1, n, r->file) == n;
    ct_buf_reset(out);
    if (whole) ct_buf_put(out, bytes, n);
    ct_free(bytes);
    return whole ? ct_buf_status(out) : broken(r, "the file breaks off within it");
}

static ct_pbf_span span_of(const ct_buf *b) {
    return (ct_pbf_span){(const unsigned char *)b->data, (const unsigned char *)b->data + b->len};
}

// The header before a block: what it is, and how many bytes follow.
static ct_err read_header(reading *r, bool *is_data, bool *is_begin, size_t *n) {
    ct_pbf_span s = span_of(&r->packed);
    ct_pbf_field f;
    bool bad = false, told = false;
    *is_data = *is_begin = false;
    while (ct_pbf_next(&f, &s, &bad)) {
        const size_t length = (size_t)(f.bytes.end - f.bytes.at);
        if (f.number == 1 && f.is_bytes) {
            *is_data = length == 7 && memcmp(f.bytes.at, "OSMData", 7) == 0;
            *is_begin = length == 9 && memcmp(f.bytes.at, "OSMHeader", 9) == 0;
        } else if (f.number == 3 && !f.is_bytes) {
            *n = (size_t)f.value;
            told = f.value <= MOST_BLOCK;
        }
    }
    return bad || !told ? broken(r, "its header cannot be read") : CT_OK;
}

static ct_err unpack(reading *r) {
    ct_pbf_span s = span_of(&r->packed);
    ct_pbf_field f;
    bool bad = false;
    ct_buf_reset(&r->plain);
    while (ct_pbf_next(&f, &s, &bad)) {
        const size_t n = (size_t)(f.bytes.end - f.bytes.at);
        if (f.number == 1 && f.is_bytes) ct_buf_put(&r->plain, f.bytes.at, n);
        if (f.number == 3 && f.is_bytes)
            CT_TRY(ct_context(ct_unzlib(&r->plain, f.bytes.at, n, MOST_BLOCK), "block %zu",
                              r->n_blocks));
        if (f.number > 3)
            return ct_fail(CT_UNSUPPORTED,
                           "block %zu: it is compressed otherwise than by zlib (osmium cat -o "
                           "x.osm.pbf -f pbf,pbf_compression=zlib writes it anew)",
                           r->n_blocks);
    }
    if (bad) return broken(r, "it cannot be read");
    return ct_buf_status(&r->plain);
}

// The next block in `plain`; *end at the end of the file.
static ct_err next_block(reading *r, bool *is_data, bool *is_begin, bool *end) {
    unsigned char size[4];
    size_t n = 0;
    const size_t got = fread(size, 1, sizeof size, r->file);
    *end = got == 0;
    if (*end)
        return ferror(r->file) ? ct_fail(CT_IO, "cannot be read: %s", strerror(errno)) : CT_OK;
    r->n_blocks++;
    const size_t header =
        (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
    if (got < sizeof size || header > MOST_HEADER) return broken(r, "its header cannot be read");
    CT_TRY(take(r, &r->packed, header));
    CT_TRY(read_header(r, is_data, is_begin, &n));
    CT_TRY(take(r, &r->packed, n));
    return *is_data ? unpack(r) : CT_OK;
}

// ---- elements -----------------------------------------------------------------------------------

static const char *text_at(const reading *r, uint64_t i) {
    return i < r->n_texts ? r->texts[i] : NULL;
}

static size_t count_varints(ct_pbf_span s) {
    size_t n = 0;
    for (; s.at < s.end; s.at++) n += !(*s.at & 0x80);
    return n;
}

// Tags of two lists of numbers of texts.
static ct_err read_tags(ct_osm__element *e, const reading *r, ct_pbf_span keys,
                        ct_pbf_span values) {
    const size_t n = count_varints(keys);
    uint64_t key, value;
    if (n > MOST_TAGS) return ct_fail(CT_LIMIT, "more than %d tags", MOST_TAGS);
    ct_osm__tag *tags = ct_arena_alloc(r->moment, (n + 1) * sizeof *tags);
    if (!tags) return CT_NOMEM;
    for (e->n_tags = 0; keys.at < keys.end; e->n_tags++) {
        if (!ct_pbf_read_varint(&key, &keys) || !ct_pbf_read_varint(&value, &values))
            return ct_fail(CT_PARSE, "its tags cannot be read");
        tags[e->n_tags] = (ct_osm__tag){text_at(r, key), text_at(r, value)};
        if (!tags[e->n_tags].key || !tags[e->n_tags].value)
            return ct_fail(CT_PARSE, "a tag's text is not there");
    }
    e->tags = tags;
    return CT_OK;
}

// What all elements may have; false for those of a history that are gone.
typedef struct told {
    ct_pbf_span keys, values, list[3]; // fields 8, 9, 10
    uint64_t id, number[2];            // fields 8 and 9 of a node
    bool visible;
} told;

static ct_err read_told(told *t, ct_pbf_span s) {
    ct_pbf_field f, info;
    bool bad = false;
    *t = (told){.visible = true};
    while (ct_pbf_next(&f, &s, &bad)) {
        if (f.number == 1 && !f.is_bytes) t->id = f.value;
        if (f.number == 2 && f.is_bytes) t->keys = f.bytes;
        if (f.number == 3 && f.is_bytes) t->values = f.bytes;
        if (f.number >= 8 && f.number <= 10 && f.is_bytes) t->list[f.number - 8] = f.bytes;
        if (f.number >= 8 && f.number <= 9 && !f.is_bytes) t->number[f.number - 8] = f.value;
        while (f.number == 4 && f.is_bytes && ct_pbf_next(&info, &f.bytes, &bad))
            if (info.number == 6 && !info.is_bytes) t->visible = info.value != 0;
    }
    return bad ? ct_fail(CT_PARSE, "it cannot be read") : CT_OK;
}

static ct_err add_node(const reading *r, ct_osm__element *e, int64_t lat, int64_t lon) {
    // Divided, not multiplied: the very numbers that the XML's decimals are.
    const ct_osm__place place = {e->id,
                                 ((double)r->lon0 + (double)r->granularity * (double)lon) / 1e9,
                                 ((double)r->lat0 + (double)r->granularity * (double)lat) / 1e9};
    if (!(fabs(place.lat) <= 90) || !(fabs(place.lon) <= 180))
        return ct_fail(CT_PARSE, "node/%lld: it is no place on the earth", (long long)e->id);
    CT_TRY(ct_osm__add_place(r->d, &place));
    return ct_osm__add(r->d, e);
}

static ct_err read_node(const reading *r, ct_pbf_span s) {
    told t;
    CT_TRY(read_told(&t, s));
    ct_osm__element e = {.kind = 'n', .id = ct_pbf_signed(t.id)};
    CT_TRY(read_tags(&e, r, t.keys, t.values));
    if (!t.visible) return CT_OK;
    return add_node(r, &e, ct_pbf_signed(t.number[0]), ct_pbf_signed(t.number[1]));
}

// The difference to the one before, added to it.
static bool read_step(int64_t *value, ct_pbf_span *s) {
    uint64_t v;
    if (!ct_pbf_read_varint(&v, s)) return false;
    *value = (int64_t)((uint64_t)*value + (uint64_t)ct_pbf_signed(v));
    return true;
}

static ct_err bad_tags(int64_t node) {
    return ct_fail(CT_PARSE, "node/%lld: its tags cannot be read", (long long)node);
}

// The next node's tags in the list of all, up to its 0.
static ct_err read_dense_tags(ct_osm__element *e, ct_osm__tag *tags, const reading *r,
                              ct_pbf_span *all) {
    uint64_t key = 0, value;
    e->tags = tags;
    while (all->at < all->end) {
        if (!ct_pbf_read_varint(&key, all)) return bad_tags(e->id);
        if (!key) break;
        if (e->n_tags == MOST_TAGS) return ct_fail(CT_LIMIT, "more than %d tags", MOST_TAGS);
        if (!ct_pbf_read_varint(&value, all) || !text_at(r, key) || !text_at(r, value))
            return bad_tags(e->id);
        tags[e->n_tags++] = (ct_osm__tag){text_at(r, key), text_at(r, value)};
    }
    return CT_OK;
}

// The lists by their numbers in the file; at 0 that of what is there, which is empty where all is.
static bool find_lists(ct_pbf_span list[11], ct_pbf_span s) {
    ct_pbf_field f, info;
    bool bad = false;
    while (ct_pbf_next(&f, &s, &bad)) {
        if (f.number >= 1 && f.number <= 10 && f.is_bytes) list[f.number] = f.bytes;
        while (f.number == 5 && f.is_bytes && ct_pbf_next(&info, &f.bytes, &bad))
            if (info.number == 6 && info.is_bytes) list[0] = info.bytes;
    }
    return !bad;
}

// Nodes in lists, side by side; their tags one after the other, each node's ended by a 0.
static ct_err read_dense(const reading *r, ct_pbf_span s) {
    ct_pbf_span list[11] = {0};
    int64_t id = 0, lat = 0, lon = 0;
    ct_osm__tag *tags = ct_arena_alloc(r->moment, MOST_TAGS * sizeof *tags);
    if (!tags) return CT_NOMEM;
    if (!find_lists(list, s)) return ct_fail(CT_PARSE, "its nodes cannot be read");
    while (list[1].at < list[1].end) {
        uint64_t seen = 1;
        if (!read_step(&id, &list[1]) || !read_step(&lat, &list[8]) || !read_step(&lon, &list[9]))
            return ct_fail(CT_PARSE, "its nodes have no places");
        ct_osm__element e = {.kind = 'n', .id = id};
        CT_TRY(read_dense_tags(&e, tags, r, &list[10]));
        if (list[0].at < list[0].end && !ct_pbf_read_varint(&seen, &list[0]))
            return ct_fail(CT_PARSE, "node/%lld: whether it is there cannot be read",
                           (long long)id);
        if (seen) CT_TRY(add_node(r, &e, lat, lon));
    }
    return CT_OK;
}

static ct_err read_way(const reading *r, ct_pbf_span s) {
    told t;
    CT_TRY(read_told(&t, s));
    ct_osm__element e = {.kind = 'w', .id = (int64_t)t.id};
    CT_TRY(read_tags(&e, r, t.keys, t.values));
    const size_t n = count_varints(t.list[0]);
    if (n > MOST_NODES || n > r->d->job->options.max_points)
        return ct_fail(CT_LIMIT, "way/%lld: too many nodes", (long long)e.id);
    int64_t *nodes = ct_arena_alloc(r->moment, (n + 1) * sizeof *nodes), at = 0;
    if (!nodes) return CT_NOMEM;
    while (t.list[0].at < t.list[0].end) {
        if (!read_step(&at, &t.list[0]))
            return ct_fail(CT_PARSE, "way/%lld: its nodes cannot be read", (long long)e.id);
        nodes[e.n++] = at;
    }
    e.nodes = nodes;
    return t.visible ? ct_osm__add(r->d, &e) : CT_OK;
}

static ct_err read_relation(const reading *r, ct_pbf_span s) {
    static const char kinds[] = "nwr";
    told t;
    CT_TRY(read_told(&t, s));
    ct_osm__element e = {.kind = 'r', .id = (int64_t)t.id};
    CT_TRY(read_tags(&e, r, t.keys, t.values));
    const size_t n = count_varints(t.list[1]);
    if (n > r->d->job->options.max_points)
        return ct_fail(CT_LIMIT, "relation/%lld: too many members", (long long)e.id);
    ct_osm__member *members = ct_arena_alloc(r->moment, (n + 1) * sizeof *members);
    int64_t at = 0;
    if (!members) return CT_NOMEM;
    while (t.list[1].at < t.list[1].end) {
        uint64_t role, kind;
        const bool read = ct_pbf_read_varint(&role, &t.list[0]) && read_step(&at, &t.list[1]) &&
                          ct_pbf_read_varint(&kind, &t.list[2]) && kind < 3;
        if (!read || !text_at(r, role))
            return ct_fail(CT_PARSE, "relation/%lld: its members cannot be read", (long long)e.id);
        members[e.n++] = (ct_osm__member){kinds[kind], at, text_at(r, role)};
    }
    e.members = members;
    return t.visible ? ct_osm__add(r->d, &e) : CT_OK;
}

// ---- a block of elements ------------------------------------------------------------------------

static ct_err read_group(const reading *r, ct_pbf_span s) {
    ct_pbf_field f;
    bool bad = false;
    while (ct_pbf_next(&f, &s, &bad)) {
        if (!f.is_bytes) continue;
        if (f.number == 1) CT_TRY(read_node(r, f.bytes));
        if (f.number == 2) CT_TRY(read_dense(r, f.bytes));
        if (f.number == 3) CT_TRY(read_way(r, f.bytes));
        if (f.number == 4) CT_TRY(read_relation(r, f.bytes));
    }
    return bad ? ct_fail(CT_PARSE, "its elements cannot be read") : CT_OK;
}

static ct_err read_texts(reading *r, ct_pbf_span s) {
    ct_pbf_span again = s;
    ct_pbf_field f;
    bool bad = false;
    size_t n = 0;
    while (ct_pbf_next(&f, &s, &bad)) n++;
    r->texts = ct_arena_calloc(r->moment, n + 1, sizeof(const char *));
    r->n_texts = 0;
    if (!r->texts) return CT_NOMEM;
    while (ct_pbf_next(&f, &again, &bad)) {
        const size_t length = (size_t)(f.bytes.end - f.bytes.at);
        if (length > LONGEST) return ct_fail(CT_LIMIT, "a text of more than 64 KiB");
        const char *text = ct_arena_strndup(r->moment, (const char *)f.bytes.at, length);
        if (!text) return CT_NOMEM;
        r->texts[r->n_texts++] = text;
    }
    return bad ? ct_fail(CT_PARSE, "its texts cannot be read") : CT_OK;
}

// Texts and what places count in may stand behind the elements: they are read first.
static ct_err read_block(reading *r) {
    ct_pbf_span s = span_of(&r->plain);
    ct_pbf_field f;
    bool bad = false;
    ct_arena_reset(r->moment);
    r->n_texts = 0;
    r->granularity = 100;
    r->lat0 = r->lon0 = 0;
    while (ct_pbf_next(&f, &s, &bad)) {
        if (f.number == 1 && f.is_bytes) CT_TRY(read_texts(r, f.bytes));
        if (f.number == 17) r->granularity = (int64_t)f.value;
        if (f.number == 19) r->lat0 = (int64_t)f.value;
        if (f.number == 20) r->lon0 = (int64_t)f.value;
    }
    s = span_of(&r->plain);
    while (!bad && ct_pbf_next(&f, &s, &bad))
        if (f.number == 2 && f.is_bytes) CT_TRY(read_group(r, f.bytes));
    return bad ? ct_fail(CT_PARSE, "it cannot be read") : CT_OK;
}

// ---- the file -----------------------------------------------------------------------------------

static ct_err open_file(reading *r, const char *path) {
    enum { BLOCK = 64 << 10, MOST = 512 << 20 };
    *r = (reading){.moment = ct_arena_new(BLOCK, MOST)};
    ct_buf_init(&r->packed, MOST_BLOCK + 1);
    ct_buf_init(&r->plain, MOST_BLOCK + 1);
    if (!r->moment) return CT_NOMEM;
    r->file = fopen(path, "rb");
    return r->file ? CT_OK : ct_fail(CT_IO, "cannot be opened: %s", strerror(errno));
}

static void close_file(reading *r) {
    if (r->file) (void)fclose(r->file);
    ct_arena_free(r->moment);
    ct_buf_fini(&r->packed);
    ct_buf_fini(&r->plain);
}

// Keys stand in a block's texts as they are; that of "room", a common word, as a text of its own.
static ct_err look_for_words(bool *found, reading *r, const ct_ingest__job *job) {
    static const char *const words[] = {"indoor", "buildingpart", "\x0a\x04room"};
    bool is_data = false, is_begin = false, end = false;
    CT_TRY(next_block(r, &is_data, &is_begin, &end));
    if (!is_begin) return CT_OK; // another format of this ending
    while (!end && !*found) {
        if (!ct_ingest__progress(job, 0)) return ct_fail(CT_CANCELLED, "%s: cancelled", job->file);
        CT_TRY(next_block(r, &is_data, &is_begin, &end));
        for (size_t i = 0; !end && is_data && i < sizeof words / sizeof *words && !*found; i++)
            *found = memmem(r->plain.data, r->plain.len, words[i], strlen(words[i])) != NULL;
    }
    return CT_OK;
}

ct_err ct_osm__pbf_has_words(bool *out, const ct_ingest__job *job) {
    reading r;
    ct_err err = open_file(&r, job->path);
    *out = false;
    if (err == CT_OK) err = look_for_words(out, &r, job);
    close_file(&r);
    // The reader of all files says what is wrong with it.
    return err == CT_NOMEM || err == CT_CANCELLED ? err : CT_OK;
}

// The terms of a file's header block.
static ct_err tell_header(reading *r, ct_source *source) {
    enum { WRITING_PROGRAM = 16, SOURCE = 17, REPLICATED_S = 32 };
    ct_pbf_span s = span_of(&r->plain);
    bool bad = false;
    for (ct_pbf_field f; ct_pbf_next(&f, &s, &bad);) {
        if (f.number == REPLICATED_S && !f.is_bytes && f.value < (1u << 31)) {
            char time[32];
            ct_time_format(time, (int64_t)f.value * 1000000);
            CT_TRY(ct_source_tell(source, CT_SOURCE_DATE, time));
        }
        if (!f.is_bytes || (f.number != WRITING_PROGRAM && f.number != SOURCE)) continue;
        const char *text = ct_arena_strndup(r->moment, (const char *)f.bytes.at,
                                            (size_t)(f.bytes.end - f.bytes.at));
        if (!text) return CT_NOMEM;
        CT_TRY(ct_source_tell(source, f.number == SOURCE ? CT_SOURCE_PUBLISHER : CT_SOURCE_SOFTWARE,
                              text));
    }
    return CT_OK;
}

static ct_err look_at_header(reading *r, ct_source *source) {
    bool is_data = false, is_begin = false, end = false;
    CT_TRY(next_block(r, &is_data, &is_begin, &end));
    if (end || !is_begin) return CT_OK;
    CT_TRY(unpack(r));
    return tell_header(r, source);
}

ct_err ct_osm__pbf_tell_source(const ct_ingest__job *job) {
    reading r;
    ct_err err = open_file(&r, job->path);
    if (err == CT_OK) err = look_at_header(&r, job->source);
    close_file(&r);
    // The reader of all files says what is wrong with it.
    return err == CT_NOMEM ? err : CT_OK;
}

static ct_err read_all(reading *r) {
    const double size = (double)ct_file_size(r->d->job->path);
    bool is_data = false, is_begin = false, end = false;
    for (;;) {
        CT_TRY(next_block(r, &is_data, &is_begin, &end));
        if (end) return CT_OK;
        if (is_data) CT_TRY(ct_context(read_block(r), "block %zu", r->n_blocks));
        if (!ct_ingest__progress(r->d->job, (double)ftell(r->file) / size / 2))
            return ct_fail(CT_CANCELLED, "cancelled");
    }
}

ct_err ct_osm__read_pbf(ct_osm__data *d) {
    reading r;
    ct_err err = open_file(&r, d->job->path);
    r.d = d;
    if (err == CT_OK) err = read_all(&r);
    close_file(&r);
    return err;
}
