// ISO 10303-21 out: instances of a STEP file, numbered from 1 in the order in which they are begun.
// Equal calls give equal bytes. Failures stick: later calls do nothing, ct_stepw_close tells. The
// file is made under the name given; who needs it whole or absent makes it in a stage.
#ifndef CT_EXPORT_STEP_H
#define CT_EXPORT_STEP_H

#include <stdbool.h>

#include "base/buf.h"
#include "cimtwin/err.h"

typedef struct ct_stepw ct_stepw;
typedef uint64_t ct_step_id; // number of an instance; 0 = none, written as $

typedef struct ct_stepw_header {
    const char *view;   // "ReferenceView_V1.2"
    const char *schema; // "IFC4"
    const char *name;   // of the file
    const char *time;   // "2026-01-01T00:00:00"
    const char *author, *organisation, *system;
} ct_stepw_header;

// Begins the file with its header. CT_IO, CT_NOMEM.
CT_CHECKED ct_err ct_stepw_open(ct_stepw **out, const char *path, const ct_stepw_header *header);
// Ends and syncs the file and frees the writer whatever happens; returns the first failure.
// `whole` false: the file is left as it is, for the caller to remove.
CT_CHECKED ct_err ct_stepw_close(ct_stepw *w, bool whole);

// ---- one parameter after the other, between begin and end. Commas are the writer's job.
ct_step_id ct_stepw_begin(ct_stepw *w, const char *keyword); // "IFCWALL"
void ct_stepw_end(ct_stepw *w);
void ct_stepw_open_list(ct_stepw *w, const char *keyword); // NULL: a list; else a typed value
void ct_stepw_close_list(ct_stepw *w);
void ct_stepw_unset(ct_stepw *w);                  // $
void ct_stepw_derived(ct_stepw *w);                // *
void ct_stepw_text(ct_stepw *w, const char *text); // NULL: $; bytes that are no UTF-8: U+FFFD
void ct_stepw_ref(ct_stepw *w, ct_step_id id);     // 0: $
void ct_stepw_real(ct_stepw *w, double value);     // not finite: $
void ct_stepw_int(ct_stepw *w, int64_t value);
void ct_stepw_enum(ct_stepw *w, const char *word); // "FLOOR"; NULL: $
void ct_stepw_bool(ct_stepw *w, bool value);

// ---- a whole instance by a format, one letter a parameter:
//   s const char *   text          r ct_step_id               reference
//   f double         real          i int                      integer
//   e const char *   enumerator    b int                      .T. or .F.
//   R size_t, const ct_step_id *   list of references
//   F size_t, const double *       list of reals
//   L const char *   opens a typed value of this keyword      ( opens a list    ) closes either
//   $ unset          * derived
ct_step_id ct_stepw_put(ct_stepw *w, const char *keyword, const char *format, ...);

// Shortest text that reads back as the same number, with the point that the format demands
// ("1.", "0.25", "1.5E-07"); `value` is finite. Returns its length.
enum { CT_STEPW_REAL_BYTES = 32 };
size_t ct_stepw_real_text(char out[CT_STEPW_REAL_BYTES], double value);

// GlobalId of IFC (22 characters of base 64) from 128 bits that the seed decides: equal seeds give
// equal ids.
void ct_ifc_guid(char out[23], const char *seed);

#endif
