// SFCGAL of Debian (the 3D operations of PostGIS), loaded where it is installed: its C interface,
// so that the program needs nothing of it to build.
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench_mesh.h"

typedef struct peer {
    void (*init)(void);
    void *(*read)(const char *text, size_t length);
    void *(*difference)(const void *a, const void *b);
    void (*destroy)(void *geometry);
} peer;

double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool find(void *to, void *library, const char *name) {
    void *symbol = dlsym(library, name);
    memcpy(to, &symbol, sizeof symbol);
    return symbol;
}

static void box_text(char *out, size_t size, int low, int high) {
    static const uint8_t face[6][4] = {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4},
                                       {1, 3, 7, 5}, {3, 2, 6, 7}, {2, 0, 4, 6}};
    size_t n = (size_t)snprintf(out, size, "SOLID((");
    for (int f = 0; f < 6; f++) {
        n += (size_t)snprintf(out + n, size - n, "%s((", f ? "," : "");
        for (int i = 0; i < 5; i++) {
            const int c = face[f][i % 4];
            n += (size_t)snprintf(out + n, size - n, "%s%d %d %d", i ? "," : "", c & 1 ? high : low,
                                  c & 2 ? high : low, c & 4 ? high : low);
        }
        n += (size_t)snprintf(out + n, size - n, "))");
    }
    (void)snprintf(out + n, size - n, "))");
}

static double measure(const peer *p) {
    char text[2][1024];
    box_text(text[0], sizeof text[0], 0, 2);
    box_text(text[1], sizeof text[1], 1, 3);
    p->init();
    void *a = p->read(text[0], strlen(text[0])), *b = p->read(text[1], strlen(text[1]));
    if (!a || !b) return NAN;
    const int rounds = 10;
    const double begin = now_s();
    for (int i = 0; i < rounds; i++) {
        void *rest = p->difference(a, b);
        if (!rest) return NAN;
        p->destroy(rest);
    }
    const double seconds = (now_s() - begin) / rounds;
    p->destroy(a);
    p->destroy(b);
    return seconds;
}

double peer_difference_s(void) {
    void *library = dlopen("libSFCGAL.so.1", RTLD_NOW);
    if (!library) return NAN;
    peer p;
    const bool whole = find(&p.init, library, "sfcgal_init") &&
                       find(&p.read, library, "sfcgal_io_read_wkt") &&
                       find(&p.difference, library, "sfcgal_geometry_difference_3d") &&
                       find(&p.destroy, library, "sfcgal_geometry_delete");
    if (!whole) return NAN;
    return measure(&p); // the library stays: it frees what it holds at the end
}
