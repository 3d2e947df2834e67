// Validation rules of buildingSMART (github.com/buildingSMART/ifc-gherkin-rules) by their codes:
// which requirements a file keeps. A verdict is about the whole file: fail where one instance
// fails, pass where one was judged and none failed, "not applicable" where none was judged.
#ifndef CT_INGEST_IFC_RULES_RULES_H
#define CT_INGEST_IFC_RULES_RULES_H

#include "ingest/ifc/placement.h"
#include "ingest/job.h"

// Judges all rules; verdicts go to the job's report, failures are findings with the code as their
// rule: warnings, and infos where the rule is no more than advice; on strict imports errors and
// warnings. CT_NOMEM.
CT_CHECKED ct_err ct_ifc__check_rules(ct_ingest__job *job, ct_ifc__model *m,
                                      const ct_ifc__units *units, ct_ifc__places *places);

#endif
