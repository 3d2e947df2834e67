// Names in the folder of runs. Private to results.
#ifndef CT_RESULTS_RUN_NAMES_H
#define CT_RESULTS_RUN_NAMES_H

// Of what is being made or removed; backup and check of a twin pass over such names.
#define CT_RESULTS__PART ".part-"

#endif
