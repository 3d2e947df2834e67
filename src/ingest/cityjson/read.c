// Opening: is it CityJSON, a document or a sequence; and the way through either.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/cityjson/cityjson.h"

// Whether the file has the word somewhere; looked for piece by piece.
static bool speaks_of(const char *path, const char *word) {
    enum { PIECE = 1 << 20 };
    const size_t keep = strlen(word) - 1;
    FILE *file = fopen(path, "rb");
    char *piece = ct_alloc(PIECE);
    bool found = false;
    size_t held = 0, n;
    while (file && piece && !found && (n = fread(piece + held, 1, PIECE - held, file)) > 0) {
        held += n;
        found = memmem(piece, held, word, keep + 1) != NULL;
        const size_t rest = held < keep ? held : keep;
        memmove(piece, piece + held - rest, rest);
        held = rest;
    }
    ct_free(piece);
    if (file) (void)fclose(file);
    return found;
}

bool ct_cityjson__is(const char *path) {
    static const char *const own[] = {".city.json", ".city.jsonl", ".cityjson", ".cityjsonl", NULL};
    for (const char *const *e = own; *e; e++)
        if (ct_path_has_ending(path, *e)) return true;
    return (ct_path_has_ending(path, ".json") || ct_path_has_ending(path, ".jsonl")) &&
           speaks_of(path, "\"CityObjects\"");
}

// The file line by line. `line` is without its end, of at most CT_CITYJSON__MAX_DOCUMENT bytes.
typedef struct lines {
    FILE *file;
    ct_buf line;
    size_t number;
    uint64_t read;       // bytes up to the line's end
    char piece[1 << 16]; // of the file, from `at` to `held` not yet in a line
    size_t at, held;
} lines;

// False in *more at the end of the file.
static ct_err next_line(lines *l, bool *more, const char *path) {
    ct_buf_reset(&l->line);
    *more = false;
    for (;;) {
        if (l->at == l->held) {
            l->at = 0;
            l->held = fread(l->piece, 1, sizeof l->piece, l->file);
            if (l->held == 0 && ferror(l->file))
                return ct_fail(CT_IO, "%s: %s", path, strerror(errno));
            if (l->held == 0) break;
        }
        const char *from = l->piece + l->at, *end = memchr(from, '\n', l->held - l->at);
        const size_t n = end ? (size_t)(end - from) + 1 : l->held - l->at;
        ct_buf_put(&l->line, from, n);
        l->at += n;
        l->read += n;
        *more = true;
        if (end) break;
    }
    CT_TRY(ct_buf_status(&l->line));
    while (l->line.len && strchr(" \t\r\n", l->line.data[l->line.len - 1])) l->line.len--;
    if (l->line.data) l->line.data[l->line.len] = '\0';
    l->number++;
    return CT_OK;
}

static ct_err next_full_line(lines *l, bool *more, const char *path) {
    do CT_TRY(next_line(l, more, path));
    while (*more && l->line.len == 0);
    return CT_OK;
}

static ct_err read_document(ct_cityjson__document *d, const ct_tape_value *root) {
    CT_TRY(ct_cityjson__header(d, root));
    CT_TRY(ct_cityjson__vertices(d, root));
    return ct_cityjson__objects(d, root);
}

static ct_err parse_document(ct_cityjson__document *d, const char *text, size_t length) {
    const ct_tape_value *root;
    CT_TRY(ct_tape_parse(&root, d->tape, text, length, CT_CITYJSON__MAX_DOCUMENT));
    return read_document(d, root);
}

ct_err ct_cityjson__feature(ct_cityjson__document *d, const ct_tape_value *root) {
    const char *type;
    ct_arena_reset(d->texts);
    CT_TRY(ct_tape_get_string(&type, d->texts, root, "type", "feature"));
    if (strcmp(type, "CityJSONFeature") != 0)
        return ct_fail(CT_PARSE, "type: \"%s\" where a CityJSONFeature is due", type);
    CT_TRY(ct_cityjson__appearance(d, root));
    CT_TRY(ct_cityjson__vertices(d, root));
    return ct_cityjson__objects(d, root);
}

static ct_err read_line(ct_cityjson__document *d, const ct_buf *line) {
    const ct_tape_value *root;
    CT_TRY(ct_tape_parse(&root, d->tape, line->data, line->len, CT_CITYJSON__MAX_LINE));
    return ct_cityjson__feature(d, root);
}

// The header should have no city objects; what some writers leave there is taken all the same.
static ct_err read_header(ct_cityjson__document *d, const ct_tape_value *header) {
    if (ct_tape_count(ct_tape_get(header, "CityObjects"), CT_TAPE_OBJECT) > 0)
        return read_document(d, header);
    return ct_cityjson__header(d, header);
}

// `l` is at the line after the header's.
static ct_err read_sequence(ct_cityjson__document *d, lines *l, const ct_tape_value *header,
                            size_t header_line, double all_bytes) {
    d->line = header_line;
    CT_TRY(ct_context(read_header(d, header), "line %zu", header_line));
    bool more;
    do {
        d->line = l->number;
        d->r.part = (double)l->read / all_bytes;
        const ct_err err = read_line(d, &l->line);
        if (err != CT_OK && err != CT_CANCELLED) return ct_context(err, "line %zu", l->number);
        CT_TRY(err);
        CT_TRY(next_full_line(l, &more, d->r.job->path));
    } while (more);
    return CT_OK;
}

// The first full line, in `header`, is a whole document: a sequence where another follows.
static ct_err read_lines(ct_cityjson__document *d, lines *l, const ct_tape_value *first,
                         double size) {
    const size_t first_line = l->number;
    bool more;
    CT_TRY(next_full_line(l, &more, d->r.job->path));
    return more ? read_sequence(d, l, first, first_line, size) : read_document(d, first);
}

static ct_err read_whole(ct_cityjson__document *d) {
    char *text = NULL;
    size_t length = 0;
    CT_TRY(ct_file_read(&text, &length, d->r.job->path, CT_CITYJSON__MAX_DOCUMENT));
    const ct_err err = parse_document(d, text, length);
    ct_free(text);
    return err;
}

static ct_err read_any(ct_cityjson__document *d, lines *l) {
    const char *path = d->r.job->path;
    const int64_t size = ct_file_size(path);
    bool more;
    CT_TRY(next_full_line(l, &more, path));
    if (!more) return ct_fail(CT_PARSE, "there is nothing in it");
    if (l->read == (uint64_t)size) return parse_document(d, l->line.data, l->line.len);
    // A header's text and tape stay while the lines after it come.
    const ct_tape_value *first;
    ct_tape *tape = ct_tape_new();
    const ct_buf text = l->line;
    ct_buf_init(&l->line, CT_CITYJSON__MAX_DOCUMENT);
    ct_err err =
        tape ? ct_tape_parse(&first, tape, text.data, text.len, CT_CITYJSON__MAX_LINE) : CT_NOMEM;
    if (err == CT_OK)
        err = read_lines(d, l, first, (double)size);
    else if (err != CT_NOMEM)
        err = read_whole(d);
    ct_tape_free(tape);
    ct_free(text.data);
    return err;
}

ct_err ct_cityjson__import(ct_ingest__job *job) {
    enum { BLOCK = 1 << 20 };
    ct_cityjson__document d = {.scale = {1, 1, 1}};
    lines *l = ct_calloc(1, sizeof *l);
    if (!l) return CT_NOMEM;
    ct_buf_init(&l->line, CT_CITYJSON__MAX_DOCUMENT);
    l->file = fopen(job->path, "rb");
    ct_err err =
        l->file ? ct_city__init(&d.r, job) : ct_fail(CT_IO, "%s: %s", job->path, strerror(errno));
    if (err == CT_OK) {
        d.texts = ct_arena_new(BLOCK, 0);
        d.tape = ct_tape_new();
        err = d.texts && d.tape ? read_any(&d, l) : CT_NOMEM;
        ct_city__finish(&d.r);
        ct_tape_free(d.tape);
        ct_arena_free(d.texts);
        ct_city__fini(&d.r);
    }
    if (l->file) (void)fclose(l->file);
    ct_buf_fini(&l->line);
    ct_free(l);
    return err == CT_OK ? CT_OK : ct_context(err, "%s", job->file);
}
