// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QString>

#include <optional>
#include <stdexcept>

namespace kappascope::test {

/// What tests/torch/`script` prints for `task` on its standard input, both JSON; nothing when this machine's
/// Python has no PyTorch (then the test skips itself, visibly). Throws when the script fails.
inline std::optional<nlohmann::json> askTorch(const char* script, const nlohmann::json& task) {
    const QString python = "/usr/bin/python3";
    constexpr int patience = 300'000; // milliseconds: importing PyTorch is slow on a busy machine
    QProcess probe;
    probe.start(python, {"-c", "import torch"});
    if (!probe.waitForFinished(patience) || probe.exitCode() != 0) return std::nullopt;

    QProcess process;
    process.start(python, {QString(KAPPASCOPE_SOURCE_DIR) + "/tests/torch/" + script});
    process.write(QByteArray::fromStdString(task.dump()));
    process.closeWriteChannel();
    if (!process.waitForFinished(patience) || process.exitCode() != 0)
        throw std::runtime_error(process.readAllStandardError().toStdString());
    return nlohmann::json::parse(process.readAllStandardOutput().toStdString());
}

} // namespace kappascope::test
