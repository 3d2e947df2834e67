// The XML of OpenStreetMap (API 0.6) as a stream of elements. Nothing is loaded from elsewhere: a
// document type, and with it every entity, is refused.
#include <errno.h>
#include <libxml/parser.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/osm_indoor/data.h"

enum { DEEPEST = 8, MOST_TAGS = 10000, MOST_NODES = 100000, LONGEST = 64 << 10 };

typedef struct reading {
    ct_osm__data *d;
    xmlParserCtxt *xml;
    FILE *file;
    double size;
    int64_t taken; // bytes
    ct_err err;
    int depth;
    ct_arena *moment;  // of the element at work
    ct_osm__element e; // at work
    bool deleted, placed;
    ct_osm__place place;
    ct_osm__tag *tags;
    int64_t *nodes;
    ct_osm__member *members;
    size_t tag_room, node_room, member_room;
} reading;

// ---- stopping -----------------------------------------------------------------------------------

static void stop(reading *r, ct_err err) {
    if (r->err == CT_OK) r->err = err;
    xmlStopParser(r->xml);
}

static long line_of(const reading *r) {
    return r->xml->input ? r->xml->input->line : 0;
}

static void stop_at(reading *r, ct_err err, const char *text) {
    if (r->e.kind)
        stop(r, ct_fail(err, "line %ld: %s/%lld: %s", line_of(r), ct_osm__kind_name(r->e.kind),
                        (long long)r->e.id, text));
    else
        stop(r, ct_fail(err, "line %ld: %s", line_of(r), text));
}

// ---- attributes ---------------------------------------------------------------------------------

typedef struct attributes { // as SAX2 hands them over: name, prefix, URI, value, its end
    const xmlChar **at;
    int n;
} attributes;

// The value's bytes, which do not end with a NUL; NULL where there is none.
static const char *raw(size_t *length, const attributes *a, const char *name) {
    for (int i = 0; i < a->n; i++) {
        const xmlChar **one = a->at + 5 * (size_t)i;
        if (strcmp((const char *)one[0], name) != 0) continue;
        *length = (size_t)(one[4] - one[3]);
        return (const char *)one[3];
    }
    return NULL;
}

static const char *text_of(reading *r, const attributes *a, const char *name) {
    size_t n = 0;
    const char *value = raw(&n, a, name);
    if (!value) return "";
    if (n > LONGEST) {
        stop_at(r, CT_LIMIT, "a text of more than 64 KiB");
        return "";
    }
    const char *copy = ct_arena_strndup(r->moment, value, n);
    if (!copy) stop(r, CT_NOMEM);
    return copy ? copy : "";
}

static bool equals(const attributes *a, const char *name, const char *text) {
    size_t n = 0;
    const char *value = raw(&n, a, name);
    return value && n == strlen(text) && memcmp(value, text, n) == 0;
}

static bool digits_of(char out[48], const attributes *a, const char *name) {
    size_t n = 0;
    const char *value = raw(&n, a, name);
    if (!value || n == 0 || n > 47 || memchr("+-.0123456789", value[0], 13) == NULL) return false;
    memcpy(out, value, n);
    out[n] = '\0';
    return true;
}

static bool id_of(int64_t *out, const attributes *a, const char *name) {
    char text[48], *end;
    if (!digits_of(text, a, name)) return false;
    errno = 0;
    const long long id = strtoll(text, &end, 10);
    *out = id;
    return errno == 0 && *end == '\0';
}

static bool degrees_of(double *out, const attributes *a, const char *name, double most) {
    char text[48], *end;
    if (!digits_of(text, a, name)) return false;
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out) && fabs(*out) <= most;
}

// ---- elements -----------------------------------------------------------------------------------

static char kind_of(const char *name) {
    return strcmp(name, "node") == 0       ? 'n'
           : strcmp(name, "way") == 0      ? 'w'
           : strcmp(name, "relation") == 0 ? 'r'
                                           : 0;
}

static void begin(reading *r, char kind, const attributes *a) {
    ct_arena_reset(r->moment);
    r->tag_room = r->node_room = r->member_room = 0;
    r->tags = NULL;
    r->nodes = NULL;
    r->members = NULL;
    r->e = (ct_osm__element){.line = line_of(r)};
    if (!id_of(&r->e.id, a, "id")) {
        char text[48];
        snprintf(text, sizeof text, "a %s without an id that is a number", ct_osm__kind_name(kind));
        stop_at(r, CT_PARSE, text);
        return;
    }
    r->e.kind = kind;
    // Editors keep what was deleted until it is sent.
    r->deleted = equals(a, "action", "delete") || equals(a, "visible", "false");
    r->placed = false;
    if (kind != 'n' || r->deleted) return;
    size_t length;
    if (!raw(&length, a, "lat") && !raw(&length, a, "lon")) return;
    r->placed = degrees_of(&r->place.lat, a, "lat", 90) && degrees_of(&r->place.lon, a, "lon", 180);
    r->place.id = r->e.id;
    if (!r->placed) stop_at(r, CT_PARSE, "lat and lon are no place on the earth");
}

static void add_tag(reading *r, const attributes *a) {
    size_t length;
    if (!raw(&length, a, "k") || !raw(&length, a, "v")) {
        stop_at(r, CT_PARSE, "a tag without k or v");
        return;
    }
    if (r->e.n_tags == MOST_TAGS) {
        stop_at(r, CT_LIMIT, "more than 10000 tags");
        return;
    }
    if (ct_osm__room(&r->tags, &r->tag_room, r->e.n_tags, sizeof *r->tags, r->moment) != CT_OK) {
        stop(r, CT_NOMEM);
        return;
    }
    const ct_osm__tag tag = {text_of(r, a, "k"), text_of(r, a, "v")};
    r->tags[r->e.n_tags++] = tag;
}

static void add_node(reading *r, const attributes *a) {
    int64_t id;
    if (r->e.kind != 'w' || !id_of(&id, a, "ref")) {
        stop_at(r, CT_PARSE, "an nd without ref, or not of a way");
    } else if (r->e.n >= MOST_NODES || r->e.n >= r->d->job->options.max_points) {
        stop_at(r, CT_LIMIT, "too many nodes");
    } else if (ct_osm__room(&r->nodes, &r->node_room, r->e.n, sizeof *r->nodes, r->moment) !=
               CT_OK) {
        stop(r, CT_NOMEM);
    } else {
        r->nodes[r->e.n++] = id;
    }
}

static void add_member(reading *r, const attributes *a) {
    ct_osm__member m = {.kind = equals(a, "type", "node")       ? 'n'
                                : equals(a, "type", "way")      ? 'w'
                                : equals(a, "type", "relation") ? 'r'
                                                                : '\0'};
    if (r->e.kind != 'r' || !m.kind || !id_of(&m.id, a, "ref")) {
        stop_at(r, CT_PARSE, "a member without type or ref, or not of a relation");
    } else if (r->e.n >= r->d->job->options.max_points) {
        stop_at(r, CT_LIMIT, "too many members");
    } else if (ct_osm__room(&r->members, &r->member_room, r->e.n, sizeof *r->members, r->moment) !=
               CT_OK) {
        stop(r, CT_NOMEM);
    } else {
        m.role = text_of(r, a, "role");
        r->members[r->e.n++] = m;
    }
}

static void finish(reading *r) {
    ct_err err = CT_OK;
    r->e.tags = r->tags;
    r->e.nodes = r->nodes;
    r->e.members = r->members;
    if (r->placed) err = ct_osm__add_place(r->d, &r->place);
    if (err == CT_OK && !r->deleted && (r->e.kind != 'n' || r->placed))
        err = ct_osm__add(r->d, &r->e);
    r->e.kind = 0;
    if (err != CT_OK) stop(r, err);
}

// ---- the parser's calls -------------------------------------------------------------------------

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_spaces, const xmlChar **spaces, int n, int n_defaulted,
                     const xmlChar **at) {
    reading *r = context;
    const char *local = (const char *)name;
    const attributes a = {.at = at, .n = n};
    (void)prefix;
    (void)uri;
    (void)n_spaces;
    (void)spaces;
    (void)n_defaulted;
    if (r->err != CT_OK) return;
    const int depth = r->depth++;
    if (depth >= DEEPEST) {
        stop_at(r, CT_LIMIT, "elements within elements more than 8 deep");
    } else if (depth == 0 && strcmp(local, "osm") != 0) {
        char text[80];
        snprintf(text, sizeof text, "<%.30s> where <osm> is due", local);
        stop_at(r, CT_UNSUPPORTED, text);
    } else if (depth == 1 && kind_of(local)) {
        begin(r, kind_of(local), &a);
    } else if (depth == 2 && r->e.kind) {
        if (strcmp(local, "tag") == 0) add_tag(r, &a);
        if (strcmp(local, "nd") == 0) add_node(r, &a);
        if (strcmp(local, "member") == 0) add_member(r, &a);
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    reading *r = context;
    (void)name;
    (void)prefix;
    (void)uri;
    if (r->err != CT_OK) return;
    if (--r->depth == 1 && r->e.kind) finish(r);
}

static void on_document_type(void *context, const xmlChar *name, const xmlChar *external,
                             const xmlChar *system) {
    reading *r = context;
    (void)name;
    (void)external;
    (void)system;
    stop_at(r, CT_UNSUPPORTED, "a document type (DTD) is refused");
}

static int take_bytes(void *context, char *buffer, int room) {
    reading *r = context;
    const size_t n = fread(buffer, 1, (size_t)room, r->file);
    if (n < (size_t)room && ferror(r->file)) return -1;
    enum { PIECE = 1 << 22 };
    if (r->taken / PIECE != (r->taken + (int64_t)n) / PIECE && r->err == CT_OK &&
        !ct_ingest__progress(r->d->job, (double)r->taken / r->size / 2)) {
        r->err = ct_fail(CT_CANCELLED, "cancelled");
        return -1;
    }
    r->taken += (int64_t)n;
    return (int)n;
}

static ct_err parse(reading *r) {
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .internalSubset = on_document_type};
    r->xml = xmlCreateIOParserCtxt(&sax, r, take_bytes, NULL, r, XML_CHAR_ENCODING_NONE);
    if (!r->xml) return ct_fail(CT_NOMEM, "out of memory");
    // NOENT: &amp; as it is meant; there are no other entities without a document type.
    xmlCtxtUseOptions(r->xml,
                      XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const int status = xmlParseDocument(r->xml);
    ct_err err = r->err;
    if (err == CT_OK && (status != 0 || !r->xml->wellFormed)) {
        const xmlError *e = xmlCtxtGetLastError(r->xml);
        const char *text = e && e->message ? e->message : "cannot be parsed";
        err = r->e.kind ? ct_fail(CT_PARSE, "line %d: %s/%lld: %.*s", e ? e->line : 0,
                                  ct_osm__kind_name(r->e.kind), (long long)r->e.id,
                                  (int)strcspn(text, "\n"), text)
                        : ct_fail(CT_PARSE, "line %d: %.*s", e ? e->line : 0,
                                  (int)strcspn(text, "\n"), text);
    }
    xmlFreeParserCtxt(r->xml);
    return err;
}

ct_err ct_osm__read_xml(ct_osm__data *d) {
    enum { BLOCK = 64 << 10, MOST = 256 << 20 };
    reading r = {.d = d, .size = (double)ct_file_size(d->job->path)};
    r.file = fopen(d->job->path, "rb");
    if (!r.file) return ct_fail(CT_IO, "cannot be opened: %s", strerror(errno));
    r.moment = ct_arena_new(BLOCK, MOST);
    const ct_err err = r.moment ? parse(&r) : CT_NOMEM;
    ct_arena_free(r.moment);
    (void)fclose(r.file);
    return err;
}
