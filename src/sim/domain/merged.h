// Features as a scenario sees them: what the twin stores, with a change set laid over it.
#ifndef CT_SIM_DOMAIN_MERGED_H
#define CT_SIM_DOMAIN_MERGED_H

#include "store/store.h"

// Calls visit for every feature of the class: the stored ones in fid order, edited or left out as
// the change set says (one that was removed and added again comes in its old place), then the added
// ones in the order of the edits; an added one without an id is called "~new-<number of its edit>".
// `edits` NULL = the twin as it is. Features are borrowed during the call.
CT_CHECKED ct_err ct_merged_each(ct_reader *reader, const ct_changeset *edits, const ct_class *cls,
                                 ct_err (*visit)(void *context, const ct_feature *feature),
                                 void *context);
// Whether the edits fit the twin. CT_NOTFOUND if one sets or removes a feature that is not there,
// CT_EXISTS if one adds an id that is, CT_PARSE, CT_RANGE or CT_GEOM if one sets what the feature's
// class does not take. Messages name the feature: `edits: there is no feature "gate-99"`.
CT_CHECKED ct_err ct_merged_check(ct_reader *reader, const ct_changeset *edits);

#endif
