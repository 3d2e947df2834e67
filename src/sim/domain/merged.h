// Features as a scenario sees them: what the twin stores, with a change set laid over it.
#ifndef CT_SIM_DOMAIN_MERGED_H
#define CT_SIM_DOMAIN_MERGED_H

#include "store/store.h"

// Calls visit for every feature of the class: the stored ones in fid order, edited or left out as
// the change set says, then the added ones in the order of the edits. `edits` NULL = the twin as it
// is. Features are borrowed during the call.
CT_CHECKED ct_err ct_merged_each(ct_reader *reader, const ct_changeset *edits, const ct_class *cls,
                                 ct_err (*visit)(void *context, const ct_feature *feature),
                                 void *context);
// CT_NOTFOUND if an edit sets or removes something that neither the twin nor an earlier edit has,
// CT_EXISTS if it adds an id that is there: "edits[3]: there is no feature \"gate-99\"".
CT_CHECKED ct_err ct_merged_check(ct_reader *reader, const ct_changeset *edits);

#endif
