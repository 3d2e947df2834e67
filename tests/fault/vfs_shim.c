// The shim around SQLite's file system: each method asks whether it is to fail, then passes on.
#include "vfs_shim.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

static sqlite3_vfs *real; // what was the default
static sqlite3_vfs shim;
static sqlite3_io_methods methods;

static atomic_int armed = SHIM_FAULTS; // a shim_fault; SHIM_FAULTS = none
static atomic_long countdown;
static atomic_bool met;

typedef struct shim_file {
    sqlite3_file base;
    sqlite3_file *inner; // right behind this struct
} shim_file;

static sqlite3_file *inner(sqlite3_file *file) {
    return ((shim_file *)(void *)file)->inner;
}

static bool persists(shim_fault fault) {
    return fault == SHIM_FULL || fault == SHIM_GONE;
}

// Whether this call of the kind fails.
static bool fails(shim_fault kind) {
    const int fault = atomic_load(&armed);
    const bool counted =
        fault == (int)kind || fault == SHIM_GONE || (fault == SHIM_FULL && kind == SHIM_WRITE);
    if (!counted) return false;
    const long left = atomic_fetch_sub(&countdown, 1);
    if (left > 1 || (left < 1 && !persists((shim_fault)fault))) return false;
    atomic_store(&met, true);
    return true;
}

void shim_fail_at(shim_fault fault, long n) {
    atomic_store(&armed, SHIM_FAULTS);
    atomic_store(&countdown, n);
    atomic_store(&met, false);
    if (n > 0) atomic_store(&armed, fault);
}

bool shim_failed(void) {
    return atomic_load(&met);
}

const char *shim_name(shim_fault fault) {
    static const char *const names[SHIM_FAULTS] = {"write",    "disk full",     "sync",
                                                   "truncate", "read",          "open",
                                                   "delete",   "shared memory", "gone"};
    return names[fault];
}

// ---- files --------------------------------------------------------------------------------------
static int shim_close(sqlite3_file *file) {
    return inner(file)->pMethods ? inner(file)->pMethods->xClose(inner(file)) : SQLITE_OK;
}
static int shim_read(sqlite3_file *file, void *to, int bytes, sqlite3_int64 at) {
    if (fails(SHIM_READ)) return SQLITE_IOERR_READ;
    return inner(file)->pMethods->xRead(inner(file), to, bytes, at);
}
static int shim_write(sqlite3_file *file, const void *from, int bytes, sqlite3_int64 at) {
    if (fails(SHIM_WRITE))
        return atomic_load(&armed) == SHIM_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return inner(file)->pMethods->xWrite(inner(file), from, bytes, at);
}
static int shim_truncate(sqlite3_file *file, sqlite3_int64 size) {
    if (fails(SHIM_TRUNCATE)) return SQLITE_IOERR_TRUNCATE;
    return inner(file)->pMethods->xTruncate(inner(file), size);
}
static int shim_sync(sqlite3_file *file, int flags) {
    if (fails(SHIM_SYNC)) return SQLITE_IOERR_FSYNC;
    return inner(file)->pMethods->xSync(inner(file), flags);
}
static int shim_size(sqlite3_file *file, sqlite3_int64 *size) {
    return inner(file)->pMethods->xFileSize(inner(file), size);
}
static int shim_lock(sqlite3_file *file, int level) {
    return inner(file)->pMethods->xLock(inner(file), level);
}
static int shim_unlock(sqlite3_file *file, int level) {
    return inner(file)->pMethods->xUnlock(inner(file), level);
}
static int shim_check_lock(sqlite3_file *file, int *locked) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), locked);
}
static int shim_control(sqlite3_file *file, int op, void *argument) {
    return inner(file)->pMethods->xFileControl(inner(file), op, argument);
}
static int shim_sector(sqlite3_file *file) {
    return inner(file)->pMethods->xSectorSize(inner(file));
}
static int shim_character(sqlite3_file *file) {
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}
static int shim_shm_map(sqlite3_file *file, int page, int bytes, int extend, void volatile **at) {
    if (fails(SHIM_SHARED)) return SQLITE_IOERR_SHMMAP;
    return inner(file)->pMethods->xShmMap(inner(file), page, bytes, extend, at);
}
static int shim_shm_lock(sqlite3_file *file, int offset, int n, int flags) {
    return inner(file)->pMethods->xShmLock(inner(file), offset, n, flags);
}
static void shim_shm_barrier(sqlite3_file *file) {
    inner(file)->pMethods->xShmBarrier(inner(file));
}
static int shim_shm_unmap(sqlite3_file *file, int remove) {
    return inner(file)->pMethods->xShmUnmap(inner(file), remove);
}
// A page that cannot be mapped is read by xRead, which counts it; unmapping a NULL is allowed.
static int shim_fetch(sqlite3_file *file, sqlite3_int64 at, int bytes, void **page) {
    const int fault = atomic_load(&armed);
    if (fault == SHIM_READ || fault == SHIM_GONE) {
        *page = NULL;
        return SQLITE_OK;
    }
    return inner(file)->pMethods->xFetch(inner(file), at, bytes, page);
}
static int shim_unfetch(sqlite3_file *file, sqlite3_int64 at, void *page) {
    return inner(file)->pMethods->xUnfetch(inner(file), at, page);
}

// ---- the file system ----------------------------------------------------------------------------
static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    shim_file *f = (shim_file *)(void *)file;
    f->base.pMethods = NULL;
    if (fails(SHIM_OPEN)) return SQLITE_CANTOPEN;
    f->inner = (sqlite3_file *)(void *)(f + 1);
    memset(f->inner, 0, (size_t)real->szOsFile);
    const int code = real->xOpen(real, name, f->inner, flags, out);
    if (code == SQLITE_OK) f->base.pMethods = &methods;
    return code;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    if (fails(SHIM_DELETE)) return SQLITE_IOERR_DELETE;
    return real->xDelete(real, name, sync);
}

void shim_install(void) {
    if (real) return;
    real = sqlite3_vfs_find(NULL);
    methods = (sqlite3_io_methods){3,
                                   shim_close,
                                   shim_read,
                                   shim_write,
                                   shim_truncate,
                                   shim_sync,
                                   shim_size,
                                   shim_lock,
                                   shim_unlock,
                                   shim_check_lock,
                                   shim_control,
                                   shim_sector,
                                   shim_character,
                                   shim_shm_map,
                                   shim_shm_lock,
                                   shim_shm_barrier,
                                   shim_shm_unmap,
                                   shim_fetch,
                                   shim_unfetch};
    shim = *real; // what is not replaced (times, random bytes, names) is the real one's
    shim.zName = "shim";
    shim.pNext = NULL;
    shim.szOsFile = (int)sizeof(shim_file) + real->szOsFile;
    shim.xOpen = shim_open;
    shim.xDelete = shim_delete;
    (void)sqlite3_vfs_register(&shim, 1);
}
