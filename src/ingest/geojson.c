// GeoJSON as text: one pass over the file by recursive descent, in constant memory but for the
// bits.
#include "ingest/geojson.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { CHUNK_BYTES = 256 << 10, MAX_DEPTH = 64, KEY_BYTES = 16, RECORD_SEPARATOR = 0x1e };

typedef enum place { OTHER, ROOT, FEATURES, FEATURE, GEOMETRY } place;

typedef struct scan {
    int fd;
    const char *file;
    unsigned char *chunk;
    size_t used, filled;
    bool failed; // the file could not be read on
    int at;      // the byte at work; -1: the end
    size_t line, column;
    size_t feature; // the one at work, counted from 0
    ct_buf *shapes;
} scan;

static void next(scan *s) {
    if (s->at == '\n') {
        s->line++;
        s->column = 0;
    }
    s->column++;
    if (s->used == s->filled) {
        ssize_t got;
        do got = read(s->fd, s->chunk, CHUNK_BYTES);
        while (got < 0 && errno == EINTR);
        s->failed = got < 0;
        s->filled = got > 0 ? (size_t)got : 0;
        s->used = 0;
    }
    s->at = s->filled ? s->chunk[s->used++] : -1;
}

static ct_err wrong(const scan *s, const char *what) {
    if (s->failed) return ct_fail(CT_IO, "%s: cannot be read to its end", s->file);
    return ct_fail(CT_PARSE, "%s: line %zu, column %zu: %s%s", s->file, s->line, s->column,
                   s->at < 0 ? "the file ends: " : "", what);
}

static void skip_blanks(scan *s) {
    while (s->at == ' ' || s->at == '\n' || s->at == '\r' || s->at == '\t') next(s);
}

static ct_err mark(scan *s) {
    const size_t byte = s->feature / 8;
    while (s->shapes->len <= byte) {
        ct_buf_putc(s->shapes, 0);
        CT_TRY(ct_buf_status(s->shapes));
    }
    s->shapes->data[byte] = (char)(s->shapes->data[byte] | (1 << s->feature % 8));
    return CT_OK;
}

// ---- scalars ----

static ct_err read_escape(scan *s) {
    next(s);
    if (s->at > 0 && s->at != 'u' && strchr("\"\\/bfnrt", s->at)) {
        next(s);
        return CT_OK;
    }
    if (s->at != 'u') return wrong(s, "a \\ with an unknown character behind it");
    next(s);
    for (int i = 0; i < 4; i++) {
        if (s->at <= 0 || !strchr("0123456789abcdefABCDEF", s->at))
            return wrong(s, "\\u without four hexadecimal digits");
        next(s);
    }
    return CT_OK;
}

static ct_err read_character(scan *s) {
    char bytes[4];
    const size_t column = s->column;
    size_t n = 0, wanted = s->at < 0xE0 ? 2 : s->at < 0xF0 ? 3 : 4;
    for (; n < wanted && s->at >= 0x80; n++) {
        bytes[n] = (char)s->at;
        if (ct_utf8_length(bytes, n + 1)) {
            next(s);
            return CT_OK;
        }
        next(s);
    }
    s->column = column;
    return wrong(s, "text that is not UTF-8");
}

// `key` gets what fits of the string.
static ct_err read_string(scan *s, char key[KEY_BYTES]) {
    size_t n = 0;
    for (next(s); s->at != '"';) {
        if (key && s->at > 0 && n + 1 < KEY_BYTES) key[n++] = (char)s->at;
        if (s->at < 0) return wrong(s, "a text is not closed");
        if (s->at < 0x20) return wrong(s, "a control character in a text");
        if (s->at == '\\') {
            CT_TRY(read_escape(s));
        } else if (s->at >= 0x80) {
            CT_TRY(read_character(s));
        } else {
            next(s);
        }
    }
    if (key) key[n] = '\0';
    next(s);
    return CT_OK;
}

static bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

static bool skip_digits(scan *s) {
    const bool any = is_digit(s->at);
    while (is_digit(s->at)) next(s);
    return any;
}

static ct_err read_number(scan *s) {
    if (s->at == '-') next(s);
    const bool zero = s->at == '0';
    if (zero) next(s);
    if (zero ? is_digit(s->at) : !skip_digits(s)) return wrong(s, "not a number of JSON");
    if (s->at == '.') {
        next(s);
        if (!skip_digits(s)) return wrong(s, "a number without digits behind the point");
    }
    if (s->at == 'e' || s->at == 'E') {
        next(s);
        if (s->at == '+' || s->at == '-') next(s);
        if (!skip_digits(s)) return wrong(s, "a number without an exponent");
    }
    return CT_OK;
}

static ct_err read_word(scan *s, bool *null) {
    char word[12] = "", text[64];
    const size_t line = s->line, column = s->column;
    for (size_t n = 0; n + 1 < sizeof word && s->at > ' ' && !strchr(",]}:\"", s->at); next(s))
        word[n++] = (char)(s->at < 0x7f ? s->at : '?');
    *null = strcmp(word, "null") == 0;
    if (*null || strcmp(word, "true") == 0 || strcmp(word, "false") == 0) return CT_OK;
    if (!*word) return wrong(s, "a value is missing");
    s->line = line;
    s->column = column;
    (void)snprintf(text, sizeof text, "\"%s\" is no value of JSON", word);
    return wrong(s, text);
}

// ---- objects and arrays ----

static ct_err read_value(scan *s, place where, int depth);

static place place_of(place parent, const char *key) {
    if (parent == ROOT && strcmp(key, "features") == 0) return FEATURES;
    if ((parent == ROOT || parent == FEATURE) && strcmp(key, "geometry") == 0) return GEOMETRY;
    return parent == GEOMETRY && strcmp(key, "type") != 0 ? GEOMETRY : OTHER;
}

static ct_err read_member(scan *s, place parent, int depth) {
    char key[KEY_BYTES] = "";
    if (s->at != '"') return wrong(s, "the name of a field was expected");
    CT_TRY(read_string(s, key));
    skip_blanks(s);
    if (s->at != ':') return wrong(s, "a colon was expected");
    next(s);
    return read_value(s, place_of(parent, key), depth);
}

static ct_err read_element(scan *s, place parent, int depth) {
    if (parent != FEATURES) return read_value(s, parent == GEOMETRY ? GEOMETRY : OTHER, depth);
    skip_blanks(s);
    if (s->at != '{')
        return wrong(s, s->at < 0 ? "a feature was expected" : "a feature that is no object");
    CT_TRY(read_value(s, FEATURE, depth));
    s->feature++;
    return CT_OK;
}

static ct_err read_list(scan *s, place where, int depth) {
    const bool object = s->at == '{';
    const int end = object ? '}' : ']';
    if (depth == MAX_DEPTH)
        return ct_fail(CT_LIMIT, "%s: line %zu, column %zu: nested deeper than %d levels", s->file,
                       s->line, s->column, MAX_DEPTH);
    next(s);
    skip_blanks(s);
    for (bool first = true; s->at != end; first = false) {
        if (!first) {
            if (s->at != ',')
                return wrong(s, object ? "a comma or } was expected" : "a comma or ] was expected");
            next(s);
            skip_blanks(s);
        }
        CT_TRY(object ? read_member(s, where, depth + 1) : read_element(s, where, depth + 1));
        skip_blanks(s);
    }
    next(s);
    return CT_OK;
}

static ct_err read_value(scan *s, place where, int depth) {
    bool null = false;
    skip_blanks(s);
    if (s->at == '{' || s->at == '[') return read_list(s, where, depth);
    if (s->at == '"')
        CT_TRY(read_string(s, NULL));
    else if (s->at == '-' || is_digit(s->at))
        CT_TRY(read_number(s));
    else
        CT_TRY(read_word(s, &null));
    return where == GEOMETRY && !null ? mark(s) : CT_OK;
}

// One document, or several on lines of their own.
static ct_err read_documents(scan *s) {
    next(s);
    if (s->at == 0xEF) { // the mark that some editors put before UTF-8
        CT_TRY(read_character(s));
    }
    skip_blanks(s);
    if (s->at < 0)
        return s->failed ? wrong(s, "") : ct_fail(CT_PARSE, "%s: the file is empty", s->file);
    for (;;) {
        while (s->at == RECORD_SEPARATOR) next(s);
        CT_TRY(read_value(s, ROOT, 0));
        const size_t line = s->line;
        skip_blanks(s);
        if (s->at < 0) return s->failed ? wrong(s, "") : CT_OK;
        if (s->line == line && s->at != RECORD_SEPARATOR)
            return wrong(s, "something follows the document");
        s->feature++;
    }
}

ct_err ct_ingest__geojson_look(ct_buf *shapes, const char *path, const char *file) {
    scan s = {.file = file, .line = 1, .shapes = shapes};
    s.chunk = ct_alloc(CHUNK_BYTES);
    if (!s.chunk) return CT_NOMEM;
    s.fd = open(path, O_RDONLY | O_CLOEXEC);
    const ct_err err = s.fd < 0 ? ct_fail(CT_IO, "%s: cannot be opened", file) : read_documents(&s);
    if (s.fd >= 0) close(s.fd);
    ct_free(s.chunk);
    return err;
}

bool ct_ingest__geojson_has_shape(const ct_buf *shapes, size_t feature) {
    const size_t byte = feature / 8;
    return byte < shapes->len && (shapes->data[byte] >> feature % 8 & 1);
}
