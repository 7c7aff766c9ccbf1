# Writes a C++ file that holds files byte by byte, found by engine/core/embedded.h.
# cmake -DOUTPUT=FILE.cpp -DROOT=FOLDER -DFILES=NAME,NAME,... -P embed_files.cmake; names are relative to ROOT.
string(REPLACE "," ";" FILES "${FILES}")
set(arrays "")
set(entries "")
set(number 0)
foreach(name IN LISTS FILES)
    file(READ "${ROOT}/${name}" bytes HEX)
    string(LENGTH "${bytes}" length)
    math(EXPR length "${length} / 2")
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char file${number}[] = {${bytes}0};\n") # 0: an empty file is no empty array
    string(APPEND entries "    {\"${name}\", {reinterpret_cast<const char*>(file${number}), ${length}}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Made by cmake/embed_files.cmake.
#include \"engine/core/embedded.h\"

#include <array>

namespace kappascope {

namespace {

${arrays}
const std::array<EmbeddedFile, ${number}> files{{
${entries}}};

} // namespace

std::span<const EmbeddedFile> embeddedFiles() {
    return files;
}

} // namespace kappascope
")
