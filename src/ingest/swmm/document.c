// Lines and words of a SWMM project file, changing them and writing them back.
#include "ingest/swmm/document.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"

struct ct_swmm_document {
    ct_arena *arena;
    const char *name;
    ct_swmm_line *lines;
    size_t count, room;
    const char *line_end; // that added lines get: the first one's
    bool marked;          // a byte order mark stands before it all
};

static const struct {
    const char *name, *stem;
} k_sections[] = {
#define SECTION(name, stem) {#name, stem},
    CT_SWMM_SECTION_LIST(SECTION)
#undef SECTION
};

const char *ct_swmm_section_name(ct_swmm_section section) {
    return section < CT_SWMM_UNKNOWN ? k_sections[section].name : "";
}

// By the longest stem that the word begins with: [INLET_USAGE] is not [INLETS].
static ct_swmm_section find_section(const char *word) {
    ct_swmm_section found = CT_SWMM_UNKNOWN;
    size_t longest = 0;
    for (size_t i = 0; i < CT_SWMM_UNKNOWN; i++) {
        const size_t n = strlen(k_sections[i].stem);
        if (n <= longest || strncasecmp(word, k_sections[i].stem, n) != 0) continue;
        // as far as it goes, the rest must be that of the name
        const size_t full = strlen(k_sections[i].name), given = strcspn(word, "]");
        if (given > full || strncasecmp(word, k_sections[i].name, given) != 0) continue;
        found = (ct_swmm_section)i;
        longest = n;
    }
    return found;
}

void ct_swmm_where(char *out, size_t room, const ct_swmm_document *document,
                   const ct_swmm_line *line) {
    const char *section = ct_swmm_section_name(line->section);
    if (*section)
        snprintf(out, room, "%s line %zu, [%s]", document->name, line->number, section);
    else
        snprintf(out, room, "%s line %zu", document->name, line->number);
}

ct_err(ct_swmm_fail)(const ct_swmm_document *document, const ct_swmm_line *line, ct_err err,
                     const char *format, ...) {
    char text[512], where[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ct_swmm_where(where, sizeof where, document, line);
    return ct_fail(err, "%s: %s", where, text);
}

// ---- words -------------------------------------------------------------------------------------

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

typedef struct word {
    const char *begin, *end; // without quotes
    const char *after;       // behind the closing quote
} word;

// The next word from `at`; false at the end. An opened quotation that is not closed: *open.
static bool next_word(word *out, const char *at, const char *end, bool *open) {
    while (at < end && is_blank(*at)) at++;
    if (at == end) return false;
    if (*at == '"') {
        const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));
        if (!close) {
            *open = true;
            return false;
        }
        *out = (word){at + 1, close, close + 1};
        return true;
    }
    const char *begin = at;
    while (at < end && !is_blank(*at)) at++;
    *out = (word){begin, at, at};
    return true;
}

static const char *comment_of(const char *text) {
    return text + strcspn(text, ";");
}

static ct_err split(ct_swmm_document *d, ct_swmm_line *line) {
    const char *end = comment_of(line->text), *words[CT_SWMM_MAX_WORDS];
    bool open = false;
    word w;
    line->count = 0;
    line->words = NULL;
    // what people write in a title or a backdrop's path is not made of words
    if (line->section == CT_SWMM_TITLE && !line->header) return CT_OK;
    for (const char *at = line->text; next_word(&w, at, end, &open); at = w.after) {
        if (line->count == CT_SWMM_MAX_WORDS) {
            return ct_swmm_fail(d, line, CT_LIMIT, "more than %d words", CT_SWMM_MAX_WORDS);
        }
        char *copy = ct_arena_strndup(d->arena, w.begin, (size_t)(w.end - w.begin));
        if (!copy) return CT_NOMEM;
        words[line->count++] = copy;
    }
    if (open) return ct_swmm_fail(d, line, CT_PARSE, "a quotation is not closed");
    if (line->count == 0) return CT_OK;
    const size_t bytes = line->count * sizeof *words;
    const char **kept = ct_arena_alloc(d->arena, bytes);
    if (!kept) return CT_NOMEM;
    memcpy(kept, words, bytes);
    line->words = kept;
    return CT_OK;
}

// ---- lines -------------------------------------------------------------------------------------

static ct_err make_room(ct_swmm_document *d) {
    if (d->count < d->room) return CT_OK;
    const size_t room = d->room ? 2 * d->room : 256;
    ct_swmm_line *lines = ct_realloc(d->lines, room * sizeof *lines);
    if (!lines) return CT_NOMEM;
    d->lines = lines;
    d->room = room;
    return CT_OK;
}

static ct_err take_line(ct_swmm_document *d, const char *text, size_t length, const char *end,
                        ct_swmm_section *section) {
    CT_TRY(make_room(d));
    ct_swmm_line *line = &d->lines[d->count];
    *line = (ct_swmm_line){.number = d->count + 1, .end = end};
    line->text = ct_arena_strndup(d->arena, text, length);
    if (!line->text) return CT_NOMEM;
    const char *first = line->text + strspn(line->text, " \t");
    line->header = *first == '[';
    if (line->header) *section = find_section(first + 1);
    line->section = *section;
    CT_TRY(split(d, line));
    if (line->section == CT_SWMM_BEFORE && line->count > 0) {
        return ct_swmm_fail(d, line, CT_PARSE, "\"%.40s\" stands before the first [SECTION]",
                            line->words[0]);
    }
    d->count++;
    return CT_OK;
}

static ct_err take_lines(ct_swmm_document *d, const char *text, size_t length) {
    const char *end = text + length;
    ct_swmm_section section = CT_SWMM_BEFORE;
    d->marked = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    if (d->marked) text += 3;
    const char *nul = memchr(text, 0, (size_t)(end - text));
    if (nul) {
        size_t number = 1;
        for (const char *p = text; p < nul; p++) number += *p == '\n';
        return ct_fail(CT_PARSE, "%s line %zu: a NUL: not a text", d->name, number);
    }
    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *next = stop ? stop + 1 : end, *line_end = stop ? "\n" : "";
        if (!stop) stop = end;
        if (*line_end && stop > at && stop[-1] == '\r') {
            stop--;
            line_end = "\r\n";
        }
        CT_TRY(take_line(d, at, (size_t)(stop - at), line_end, &section));
        at = next;
    }
    if (d->count && strcmp(d->lines[0].end, "\r\n") == 0) d->line_end = "\r\n";
    return CT_OK;
}

ct_err ct_swmm_parse(ct_swmm_document **out, const char *name, const char *text, size_t length) {
    if (length > CT_SWMM_MAX_BYTES) {
        return ct_fail(CT_LIMIT, "%s: more than %zu MB", name, CT_SWMM_MAX_BYTES >> 20);
    }
    ct_swmm_document *d = ct_calloc(1, sizeof *d);
    if (!d) return CT_NOMEM;
    ct_err err = CT_NOMEM;
    d->line_end = "\n";
    d->arena = ct_arena_new((size_t)1 << 16, 0);
    if (d->arena) d->name = ct_arena_strdup(d->arena, name);
    if (d->name) err = take_lines(d, text, length);
    if (err == CT_OK)
        *out = d;
    else
        ct_swmm_free(d);
    return err;
}

ct_err ct_swmm_read(ct_swmm_document **out, const char *path) {
    char *text;
    size_t length;
    CT_TRY(ct_file_read(&text, &length, path, CT_SWMM_MAX_BYTES));
    const ct_err err = ct_swmm_parse(out, path, text, length);
    ct_free(text);
    return err;
}

void ct_swmm_free(ct_swmm_document *document) {
    if (!document) return;
    ct_arena_free(document->arena);
    ct_free(document->lines);
    ct_free(document);
}

const char *ct_swmm_name(const ct_swmm_document *document) {
    return document->name;
}

const ct_swmm_line *ct_swmm_lines(const ct_swmm_document *document, size_t *count) {
    *count = document->count;
    return document->lines;
}

// ---- changes -----------------------------------------------------------------------------------

static bool is_one_line(const char *text) {
    return !text[strcspn(text, "\r\n")];
}

ct_err ct_swmm_set(ct_swmm_document *d, size_t line, size_t word_index, const char *text) {
    if (line >= d->count || word_index >= d->lines[line].count)
        return ct_fail(CT_ARG, "%s: line %zu has no word %zu", d->name, line, word_index);
    if (!is_one_line(text) || strpbrk(text, ";\""))
        return ct_fail(CT_ARG, "%s: \"%.40s\" is not one word", d->name, text);
    ct_swmm_line changed = d->lines[line];
    word w = {NULL, NULL, NULL};
    bool open = false;
    const char *at = changed.text, *end = comment_of(at);
    for (size_t i = 0; i <= word_index && next_word(&w, at, end, &open); i++) at = w.after;
    const char *begin = w.after > w.end ? w.begin - 1 : w.begin; // with its quotes
    const char *quote = !*text || strpbrk(text, " \t") ? "\"" : "";
    changed.text = ct_arena_printf(d->arena, "%.*s%s%s%s%s", (int)(begin - changed.text),
                                   changed.text, quote, text, quote, w.after);
    if (!changed.text) return CT_NOMEM;
    CT_TRY(split(d, &changed));
    d->lines[line] = changed;
    return CT_OK;
}

static void number_lines(ct_swmm_document *d) {
    for (size_t i = 0; i < d->count; i++) d->lines[i].number = i + 1;
}

static ct_err insert(ct_swmm_document *d, size_t at, ct_swmm_section section, const char *text,
                     bool header) {
    CT_TRY(make_room(d));
    ct_swmm_line line = {.number = at + 1, .end = d->line_end, .section = section};
    line.header = header;
    line.text = ct_arena_strdup(d->arena, text);
    if (!line.text) return CT_NOMEM;
    CT_TRY(split(d, &line));
    if (at > 0 && !*d->lines[at - 1].end) d->lines[at - 1].end = d->line_end;
    memmove(&d->lines[at + 1], &d->lines[at], (d->count - at) * sizeof *d->lines);
    d->lines[at] = line;
    d->count++;
    number_lines(d);
    return CT_OK;
}

ct_err ct_swmm_add(ct_swmm_document *d, ct_swmm_section section, const char *text) {
    if (section >= CT_SWMM_UNKNOWN || !is_one_line(text) || text[strspn(text, " \t")] == '[')
        return ct_fail(CT_ARG, "%s: not a line of a section", d->name);
    size_t at = 0;
    for (size_t i = 0; i < d->count; i++) {
        const ct_swmm_line *line = &d->lines[i];
        if (line->section == section && (line->header || line->count > 0 || *line->text))
            at = i + 1;
    }
    if (at == 0) {
        char *header = ct_arena_printf(d->arena, "[%s]", ct_swmm_section_name(section));
        if (!header) return CT_NOMEM;
        if (d->count > 0 && *d->lines[d->count - 1].text)
            CT_TRY(insert(d, d->count, d->lines[d->count - 1].section, "", false));
        CT_TRY(insert(d, d->count, section, header, true));
        at = d->count;
    }
    return insert(d, at, section, text, false);
}

ct_err ct_swmm_remove(ct_swmm_document *d, size_t line) {
    if (line >= d->count) return ct_fail(CT_ARG, "%s: there is no line %zu", d->name, line);
    memmove(&d->lines[line], &d->lines[line + 1], (d->count - line - 1) * sizeof *d->lines);
    d->count--;
    number_lines(d);
    return CT_OK;
}

void ct_swmm_put(ct_buf *out, const ct_swmm_document *document) {
    if (document->marked) ct_buf_puts(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < document->count; i++) {
        ct_buf_puts(out, document->lines[i].text);
        ct_buf_puts(out, document->lines[i].end);
    }
}

ct_err ct_swmm_write(const ct_swmm_document *document, const char *path) {
    ct_buf out;
    ct_buf_init(&out, 2 * CT_SWMM_MAX_BYTES);
    ct_swmm_put(&out, document);
    ct_err err = ct_buf_status(&out);
    if (err == CT_OK) err = ct_file_write(path, out.data ? out.data : "", out.len);
    ct_buf_fini(&out);
    return err;
}
