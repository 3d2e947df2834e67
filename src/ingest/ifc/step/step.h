// A STEP physical file (ISO 10303-21:2016) in memory: an index of its instances, made in one pass,
// and their parameters, read where they stand when somebody asks. Knows no schema.
//
// Instances are named by their slot, 0 to count - 1 in the order of the file. The bytes are
// borrowed and must outlive the index. Taken: comments anywhere, keywords in any case, several
// data sections, the sections of edition 3 (passed over). Complex instances are passed over with a
// warning; an instance that cannot be read is an error; a file that breaks off gives what is
// complete and a warning.
#ifndef CT_INGEST_IFC_STEP_STEP_H
#define CT_INGEST_IFC_STEP_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "ingest/diagnostics.h"

#define CT_STEP__NONE UINT32_MAX // no slot

typedef struct ct_step ct_step; // one thread at a time

// CT_PARSE (no STEP file, one without data, or 1,000 errors in all of `diagnostics`), CT_LIMIT
// (2^32 - 1 instances, 65,535 types), CT_NOMEM. Findings begin with `file`. Both are borrowed for
// the life of the index.
CT_CHECKED ct_err ct_step__open(ct_step **out, const char *bytes, size_t n, const char *file,
                                ct_diagnostics *diagnostics);
void ct_step__close(ct_step *step); // NULL is fine

uint32_t ct_step__count(const ct_step *step);
uint64_t ct_step__id(const ct_step *step, uint32_t slot);   // the number behind '#'
uint32_t ct_step__find(const ct_step *step, uint64_t id);   // slot, or CT_STEP__NONE
uint32_t ct_step__type(const ct_step *step, uint32_t slot); // number of its keyword in this file
uint32_t ct_step__n_types(const ct_step *step);
const char *ct_step__type_name(const ct_step *step, uint32_t type); // in upper case
// The line of the file, from 1, in which the instance's parameters begin.
size_t ct_step__line(ct_step *step, uint32_t slot);
// "towers.ifc:1432: IFCDOOR #5512"
void ct_step__where(char *out, size_t bytes, ct_step *step, uint32_t slot);

typedef enum ct_step__kind {
    CT_STEP__END,     // of the list
    CT_STEP__UNSET,   // $
    CT_STEP__DERIVED, // *
    CT_STEP__INTEGER,
    CT_STEP__REAL,
    CT_STEP__STRING,
    CT_STEP__ENUM, // .FLOOR. and the logicals .T. .F. .U.
    CT_STEP__REF,
    CT_STEP__LIST,
    CT_STEP__TYPED, // IFCLABEL('x')
    CT_STEP__BINARY,
    CT_STEP__BAD, // cannot be read; nothing follows
} ct_step__kind;

// One parameter as it stands in the file: borrowed.
typedef struct ct_step__value {
    ct_step__kind kind;
    const char *at, *end; // what is between the quotes, dots or parentheses, or the number
    const char *name;     // of a typed value: its keyword
    uint32_t n_name;
    uint64_t id; // of a reference
} ct_step__value;

typedef struct ct_step__cursor {
    const char *at, *end; // at NULL: the list is over
} ct_step__cursor;

ct_step__cursor ct_step__parameters(const ct_step *step, uint32_t slot);
ct_step__cursor ct_step__list(const ct_step__value *value); // of a list or typed value; else empty
// The next parameter; false at the end (`out` is then END) and after one that cannot be read (BAD).
bool ct_step__next(ct_step__value *out, ct_step__cursor *cursor);

// Parameter `index` of the instance; END where it has fewer.
ct_step__value ct_step__get(const ct_step *step, uint32_t slot, uint32_t index);
// The first `max` parameters in one walk; the rest of `out` becomes END. Returns how many there
// are.
size_t ct_step__all(ct_step__value *out, size_t max, const ct_step *step, uint32_t slot);

// What a typed value holds, at any depth up to 8; other values come back as they are.
ct_step__value ct_step__bare(const ct_step__value *value);
bool ct_step__number(double *out, const ct_step__value *value); // typed ones too; finite
bool ct_step__is(const ct_step__value *value, const char *word);
int ct_step__logical(const ct_step__value *value); // 1, 0; -1 unknown or none; typed too
bool ct_step__named(const ct_step__value *v, const char *name); // a typed value of this keyword
uint32_t ct_step__ref(const ct_step *step, const ct_step__value *value); // slot; NONE if none such

// The text of a string (typed ones too) in UTF-8. NULL for other kinds of values. Bytes that are no
// UTF-8 are taken as ISO 8859-1 and `*foreign`, which may be NULL, counts one up. CT_NOMEM.
CT_CHECKED ct_err ct_step__text(const char **out, ct_arena *arena, const ct_step__value *value,
                                size_t *foreign);

// The records of the header.
typedef enum ct_step__record {
    CT_STEP__DESCRIPTION, // FILE_DESCRIPTION
    CT_STEP__NAME,        // FILE_NAME
    CT_STEP__SCHEMA,      // FILE_SCHEMA
} ct_step__record;
ct_step__cursor ct_step__header(const ct_step *step, ct_step__record record); // empty if missing

// One decimal number of the text, without regard to the locale. False if it is none or not finite.
bool ct_step__decimal(double *out, const char *at, const char *end);

#endif
