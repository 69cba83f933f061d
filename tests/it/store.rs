//! The store through the library and the binary: bad files, many writers, crashes, modes.
