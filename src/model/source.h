// Where a twin's data come from: what a file told of itself when it was brought in. One record a
// file, kept as JSON text.
#ifndef CT_MODEL_SOURCE_H
#define CT_MODEL_SOURCE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/jsonw.h"

// Terms of Dublin Core (ISO 15836).
typedef enum ct_source_term {
    CT_SOURCE_TITLE,
    CT_SOURCE_DESCRIPTION,
    CT_SOURCE_IDENTIFIER,
    CT_SOURCE_DATE,      // that the data describe, or of the file; as it was written there
    CT_SOURCE_CREATOR,   // people
    CT_SOURCE_PUBLISHER, // organisations
    CT_SOURCE_RIGHTS,    // licence, copyright, words of attribution
    CT_SOURCE_SOFTWARE,  // what wrote the file (no term of Dublin Core)
    CT_SOURCE_TERMS
} ct_source_term;

extern const char *const ct_source_term_names[CT_SOURCE_TERMS]; // "title", ...

enum { CT_SOURCE_TEXT_MOST = 1000, CT_SOURCE_ORIGINAL_MOST = 20000 }; // bytes

typedef struct ct_source {
    char *file;                   // name without folders
    char *format;                 // "CityJSON 2.0"; NULL = not known
    char *terms[CT_SOURCE_TERMS]; // NULL where the file is silent
    char *original; // JSON text: the file's own object of metadata where it has one; NULL
} ct_source;

// The strings are the source's own.
void ct_source_fini(ct_source *source);

// The first text given stays. Blanks at its ends are dropped, line ends become blanks, what is
// longer than CT_SOURCE_TEXT_MOST is cut at a character and ends with an ellipsis, bytes that are
// no UTF-8 become question marks; NULL and blank texts say nothing. CT_NOMEM.
CT_CHECKED ct_err ct_source_tell(ct_source *source, ct_source_term term, const char *text);
// For texts that are no term; the last one given stays. CT_NOMEM.
CT_CHECKED ct_err ct_source_set(char **field, const char *text);

// Into an object: "file", "format", the terms that are known, and "original".
void ct_source_write_members(ct_jsonw *w, const ct_source *source);

// What must be said beside a picture of the twin: the rights of all records, each once, "; "
// between them, at most `room - 1` bytes (room >= 8); where not all
// fit, an ellipsis ends it. Begins with an empty text in `out`; called once a record
// (a parsed object as ct_source_write_json makes it).
void ct_source_attribute(char *out, size_t room, const json_t *record);

#endif
