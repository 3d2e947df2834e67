// Tables that cases write.
#ifndef CT_SIM_CASES_TABLE_H
#define CT_SIM_CASES_TABLE_H

#include "base/buf.h"

// The text of a table to a file of a folder. The buffer's own error, or that of writing.
CT_CHECKED ct_err ct_case__write_table(const ct_buf *text, const char *folder, const char *name);

#endif
