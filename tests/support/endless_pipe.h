// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

namespace kappascope::test {

/// A named pipe with `text` over and over, without an end: who reads it comes back when he is cancelled, or
/// never. So a test sees that something can be cancelled, however fast or busy the machine is.
class EndlessPipe {
public:
    EndlessPipe(std::filesystem::path path, std::string text)
        : path_(std::move(path)), text_(std::move(text)) {
        if (::mkfifo(path_.c_str(), S_IRUSR | S_IWUSR) != 0 ||
            (pipe_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK)) < 0)
            throw std::runtime_error("cannot make the pipe " + path_.string());
        while (text_.size() < slice)
            text_ += text_;
        writer_ = std::thread([this] { write(); });
    }
    ~EndlessPipe() {
        stopping_ = true;
        writer_.join();
        ::close(pipe_);
    }
    EndlessPipe(const EndlessPipe&) = delete;
    EndlessPipe& operator=(const EndlessPipe&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// Waits until somebody has read some of it.
    void waitForReader() const {
        while (written_ <= capacity)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

private:
    static constexpr std::size_t capacity = 1 << 20; // more than a pipe holds on any Linux by itself

    static constexpr std::size_t slice = 1 << 15; // at least, at a time

    void write() {
        std::size_t next = 0;
        while (!stopping_) {
            const ssize_t taken = ::write(pipe_, text_.data() + next, text_.size() - next);
            if (taken > 0) {
                written_ += static_cast<std::size_t>(taken);
                next = (next + static_cast<std::size_t>(taken)) % text_.size();
            } else { // full: slowly, so that whoever reads on and on does not fill the memory
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
    }

    std::filesystem::path path_;
    std::string text_;
    int pipe_ = -1;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> written_ = 0;
    std::thread writer_;
};

} // namespace kappascope::test
