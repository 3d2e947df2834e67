// Records of sources: texts cleaned, JSON, attribution.
#include "model/source.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

const char *const ct_source_term_names[CT_SOURCE_TERMS] = {
    "title", "description", "identifier", "date", "creator", "publisher", "rights", "software"};

void ct_source_fini(ct_source *source) {
    ct_free(source->file);
    ct_free(source->format);
    for (int t = 0; t < CT_SOURCE_TERMS; t++) ct_free(source->terms[t]);
    ct_free(source->original);
    *source = (ct_source){0};
}

// Of well-formed characters alone, blanks joined; empty where there is nothing. `to` has room for
// CT_SOURCE_TEXT_MOST + 1 bytes.
static void clean(char *to, const char *text) {
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t n = 0, kept = 0, left = strlen(text); // kept: so much leaves room for an ellipsis
    bool blank = false;
    while (left) {
        const size_t good = ct_utf8_length(text, left), taken = good ? good : 1;
        // Control characters would speak to the terminal.
        const bool space =
            good < 2 && (isspace((unsigned char)*text) || iscntrl((unsigned char)*text));
        if (!space && n + blank + taken > CT_SOURCE_TEXT_MOST) {
            memcpy(to + kept, ellipsis, sizeof ellipsis - 1);
            n = kept + sizeof ellipsis - 1;
            break;
        }
        if (space) {
            blank = n > 0;
        } else {
            if (blank) to[n++] = ' ';
            blank = false;
            if (good)
                memcpy(to + n, text, good);
            else
                to[n] = '?';
            n += taken;
            if (n + sizeof ellipsis - 1 <= CT_SOURCE_TEXT_MOST) kept = n;
        }
        text += taken;
        left -= taken;
    }
    to[n] = '\0';
}

ct_err ct_source_set(char **field, const char *text) {
    char *copy = ct_strdup(text);
    if (!copy) return CT_NOMEM;
    ct_free(*field);
    *field = copy;
    return CT_OK;
}

ct_err ct_source_tell(ct_source *source, ct_source_term term, const char *text) {
    char cleaned[CT_SOURCE_TEXT_MOST + 1];
    if (!text || source->terms[term]) return CT_OK;
    clean(cleaned, text);
    return cleaned[0] ? ct_source_set(&source->terms[term], cleaned) : CT_OK;
}

void ct_source_write_members(ct_jsonw *w, const ct_source *source) {
    ct_jsonw_kv_string(w, "file", source->file);
    if (source->format) ct_jsonw_kv_string(w, "format", source->format);
    for (int t = 0; t < CT_SOURCE_TERMS; t++)
        if (source->terms[t]) ct_jsonw_kv_string(w, ct_source_term_names[t], source->terms[t]);
    if (source->original) {
        ct_jsonw_key(w, "original");
        ct_jsonw_raw(w, source->original, strlen(source->original));
    }
}

// Whether `text` is one of those in `list`, "; " between them.
static bool is_said(const char *list, const char *text) {
    const size_t n = strlen(text);
    for (const char *at = list; (at = strstr(at, text)); at++) {
        const bool begins = at == list || (at >= list + 2 && memcmp(at - 2, "; ", 2) == 0);
        if (begins && (at[n] == '\0' || strncmp(at + n, "; ", 2) == 0)) return true;
    }
    return false;
}

void ct_source_attribute(char *out, size_t room, const json_t *record) {
    static const char more[] = "; \xe2\x80\xa6"; // there always is room for it
    const char *rights =
        json_string_value(json_object_get(record, ct_source_term_names[CT_SOURCE_RIGHTS]));
    const size_t n = strlen(out), left = room - n;
    if (!rights || is_said(out, rights)) return;
    if (n >= sizeof more - 1 && strcmp(out + n - (sizeof more - 1), more) == 0) return;
    if (strlen(rights) + 2 + sizeof more <= left)
        (void)snprintf(out + n, left, "%s%s", n ? "; " : "", rights);
    else
        (void)snprintf(out + n, left, "%s", n ? more : more + 2);
}
