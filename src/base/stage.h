// Files and folders that take their places together. They are made in a folder of their own beside
// their places, named CT_PART..., which its maker holds locked. Its renaming to CT_READY... is the
// one step that decides: before it nothing is there, after it all will be, if need be by whoever
// comes next.
#ifndef CT_BASE_STAGE_H
#define CT_BASE_STAGE_H

#include <stddef.h>

#include "cimtwin/err.h"

#define CT_PART  ".part-"  // names of what is being made begin so: it is nobody's who holds no lock
#define CT_READY ".ready-" // of what is complete and on its way to its place
// Where not the renaming decides but a transaction elsewhere: a file NAME.out in the stage notes
// that NAME was put in its place before that transaction came to its end.
#define CT_NOTE ".out"

size_t ct_stage_noted(const char *name); // length of NAME in the name of such a note, else 0

typedef struct ct_stage ct_stage; // one thread at a time

// A stage `FOLDER/.part-LABEL`, empty and locked; one with the label that a killed process had made
// ready is brought to its end first. CT_BUSY while another process has it. `label` NULL: one that
// nobody else has. Stages of one folder
// that others may use as well have a label that tells whose they are ("cimtwin-...").
CT_CHECKED ct_err ct_stage_open(ct_stage **out, const char *folder, const char *label);
const char *ct_stage_path(const ct_stage *stage); // where to write; borrowed
// Syncs all of it and puts each entry in its place in `folder`, files over what is there; durable
// on return. Frees the stage whatever happens. On failure nothing is in place, or (CT_IO after the
// decisive step) the next ct_stage_open or ct_stage_sweep puts it there.
CT_CHECKED ct_err ct_stage_commit(ct_stage *stage);
// The same for a stage that holds one folder, `name`, of which there may be an older one in its
// place: the two change places in one step, and the older one goes. On failure that is still there.
CT_CHECKED ct_err ct_stage_replace(ct_stage *stage, const char *name);
void ct_stage_abort(ct_stage *stage); // removes it with all inside; NULL is fine
// Gives it up as a killed process does: all inside waits for ct_stage_sweep. NULL is fine.
void ct_stage_leave(ct_stage *stage);

// Brings a ready stage of this label to its end, if there is one that nobody works on.
CT_CHECKED ct_err ct_stage_finish(const char *folder, const char *label);
// What killed processes left behind: brings ready stages to their end and removes the others.
// `prefix`: of the labels. `abandoned` is called with the path of each that will be removed, while
// it is locked; NULL is fine. Also called for folders that are locked in the same way but are no
// stages (runs in the making). What is in use is not touched.
CT_CHECKED ct_err ct_stage_sweep(const char *folder, const char *prefix,
                                 ct_err (*abandoned)(void *context, const char *path),
                                 void *context);

#endif
