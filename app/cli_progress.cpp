// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_progress.h"

#include "app/cli_table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace kappascope::cli {

namespace {

constexpr double paintEvery = 0.1; // seconds
constexpr std::size_t barWidth = 24;

std::size_t terminalWidth() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

/// The first `width` columns of UTF-8 text.
std::string cut(const std::string& text, std::size_t width) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && seen++ == width) break;
    return text.substr(0, end);
}

/// "[######......] 50 %  ".
std::string bar(double share) {
    const auto full = static_cast<std::size_t>(share * barWidth);
    return '[' + std::string(full, '#') + std::string(barWidth - full, '.') + "] " +
           std::to_string(static_cast<int>(share * 100)) + " %  ";
}

} // namespace

std::string clockText(double seconds) {
    const auto total = static_cast<long long>(std::ceil(seconds));
    char text[32];
    if (total >= 3600)
        std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld", total / 60, total % 60);
    return text;
}

Progress::Progress(bool quiet, std::int64_t total)
    : visible_(!quiet && isatty(STDERR_FILENO) == 1), total_(total), start_(Clock::now()) {}

Progress::~Progress() {
    clear();
}

double Progress::secondsSince(Clock::time_point time) const {
    return std::chrono::duration<double>(Clock::now() - time).count();
}

void Progress::show(std::int64_t step, const std::string& text) {
    if (!visible_) return;
    if (firstStep_ < 0) {
        firstStep_ = step;
        start_ = Clock::now();
    }
    if (due()) paint(line(step, text));
}

void Progress::showShare(double done, const std::string& text) {
    if (!visible_ || !due()) return;
    constexpr double early = 5,
                     least = 1e-5; // seconds and share before which nothing can be said of the rest
    const double passed = secondsSince(start_);
    const bool known = passed > early && done > least;
    paint(bar(done) + (known ? clockText(passed * (1 - done) / done) + " left  " : "") + text);
}

bool Progress::due() {
    return !painted_ || secondsSince(lastPaint_) >= paintEvery;
}

void Progress::paint(const std::string& line) {
    lastPaint_ = Clock::now();
    painted_ = true;
    std::cerr << '\r' << cut(line, terminalWidth() - 1) << "\033[K" << std::flush;
}

std::string Progress::line(std::int64_t step, const std::string& text) const {
    std::string line;
    if (total_ > 0) {
        const double share = std::min(1.0, static_cast<double>(step) / static_cast<double>(total_));
        line = bar(share);
    }
    line += "step " + grouped(step) + (total_ > 0 ? '/' + grouped(total_) : "");
    const double seconds = secondsSince(start_);
    const double rate = seconds > 0 ? static_cast<double>(step - firstStep_) / seconds : 0;
    if (rate > 0) {
        line += "  " + grouped(std::llround(rate)) + " steps/s";
        if (total_ > 0) line += "  " + clockText(static_cast<double>(total_ - step) / rate) + " left";
    }
    return line + "  " + text;
}

void Progress::clear() {
    if (painted_) std::cerr << "\r\033[K" << std::flush;
    painted_ = false;
}

} // namespace kappascope::cli
