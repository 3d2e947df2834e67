// cmocka needs four standard headers before its own: include this file instead.
#ifndef TESTS_CMK_H
#define TESTS_CMK_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#endif
