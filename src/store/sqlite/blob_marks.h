// Private to the geometry blobs: the bytes that mark their parts.
#ifndef CT_STORE_SQLITE_BLOB_MARKS_H
#define CT_STORE_SQLITE_BLOB_MARKS_H

enum {
    MARK_START = 0x00,
    MARK_BOX_END = 0x7C,
    MARK_MEMBER = 0x69,
    MARK_END = 0xFE,
    HEAD_BYTES = 39, // up to and without the class type
    TINY_BIG = 0x80,
    TINY_LITTLE = 0x81,
};

#endif
