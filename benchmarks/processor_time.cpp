// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/processor_time.h"

#include "engine/core/thread_team.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#ifdef __linux__
#include <unistd.h>
#endif

namespace kappascope {

namespace {

namespace fs = std::filesystem;

/// What stat(5) of a process or thread tells.
struct Stat {
    std::string name;
    double seconds = 0;
    int nice = 0;
};

Stat readStat(const fs::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    const std::string line = text.str();
    const auto open = line.find('('), close = line.rfind(')');
    Stat stat;
    if (open == std::string::npos || close == std::string::npos) return stat;
    stat.name = line.substr(open + 1, close - open - 1);
    std::istringstream rest(line.substr(close + 1));
    std::vector<std::string> fields(std::istream_iterator<std::string>(rest), {}); // from field 3 on
    if (fields.size() < 17) return stat;
#ifdef __linux__
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    stat.seconds = (std::stod(fields[11]) + std::stod(fields[12])) / ticks; // utime + stime
#endif
    stat.nice = std::stoi(fields[16]);
    return stat;
}

/// An X server writes its process id into a file named for its display.
std::string displayServer() {
    const char* display = std::getenv("DISPLAY");
    if (!display || *display != ':') return {};
    std::string number = display + 1;
    number.resize(std::min(number.find('.'), number.size()));
    std::ifstream lock("/tmp/.X" + number + "-lock");
    std::string id;
    lock >> id;
    return id;
}

/// The fourth and the fifth number of the first line of /proc/stat, proc(5).
double idleSeconds() {
    std::ifstream in("/proc/stat");
    std::string name;
    double user = 0, nice = 0, system = 0, idle = 0, waiting = 0;
    in >> name >> user >> nice >> system >> idle >> waiting;
#ifdef __linux__
    return (idle + waiting) / static_cast<double>(sysconf(_SC_CLK_TCK));
#else
    return 0;
#endif
}

} // namespace

ProcessorTime ProcessorTime::now() {
    ProcessorTime time;
    std::error_code none;
    const std::string main = fs::read_symlink("/proc/self", none).string();
    for (const auto& thread : fs::directory_iterator("/proc/self/task", none)) {
        const Stat stat = readStat(thread.path() / "stat");
        double& sum = thread.path().filename() == main ? time.window
                      : stat.name == "view-worker"     ? time.views
                      : stat.nice == lastPriority      ? time.curvature
                      : stat.nice == trainingPriority  ? time.training
                                                       : time.others;
        sum += stat.seconds;
    }
    if (const std::string server = displayServer(); !server.empty())
        time.server = readStat("/proc/" + server + "/stat").seconds;
    time.idle = idleSeconds();
    return time;
}

ProcessorTime ProcessorTime::operator-(const ProcessorTime& earlier) const {
    return {window - earlier.window, training - earlier.training,
            views - earlier.views,   curvature - earlier.curvature,
            others - earlier.others, server - earlier.server,
            idle - earlier.idle};
}

ProcessorTime& ProcessorTime::operator+=(const ProcessorTime& more) {
    window += more.window;
    training += more.training;
    views += more.views;
    curvature += more.curvature;
    others += more.others;
    server += more.server;
    idle += more.idle;
    return *this;
}

} // namespace kappascope
