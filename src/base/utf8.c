// UTF-8 well-formedness: no over-long forms, no surrogates, nothing above U+10FFFF.
#include "base/utf8.h"

static bool continues(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

size_t ct_utf8_length(const char *text, size_t n) {
    const unsigned char *c = (const unsigned char *)text;
    if (n == 0) return 0;
    if (c[0] < 0x80) return 1;
    if (c[0] >= 0xC2 && c[0] <= 0xDF) return n >= 2 && continues(c[1]) ? 2 : 0;
    if (c[0] >= 0xE0 && c[0] <= 0xEF) {
        if (n < 3 || !continues(c[1]) || !continues(c[2])) return 0;
        if (c[0] == 0xE0 && c[1] < 0xA0) return 0; // over-long
        if (c[0] == 0xED && c[1] > 0x9F) return 0; // surrogates
        return 3;
    }
    if (c[0] >= 0xF0 && c[0] <= 0xF4) {
        if (n < 4 || !continues(c[1]) || !continues(c[2]) || !continues(c[3])) return 0;
        if (c[0] == 0xF0 && c[1] < 0x90) return 0; // over-long
        if (c[0] == 0xF4 && c[1] > 0x8F) return 0; // above U+10FFFF
        return 4;
    }
    return 0;
}

bool ct_utf8_valid(const char *text, size_t n) {
    for (size_t i = 0; i < n;) {
        size_t length = ct_utf8_length(text + i, n - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}
