#include <vector>

// Breaks "face header": a face shows no type of another library.
#include <faiss/Index.h>
