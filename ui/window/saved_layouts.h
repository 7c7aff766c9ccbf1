// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <functional>
#include <string>

namespace kappascope::ui {

/// Layouts of the window that the user has given names; they are in the settings, for all sessions. GUI
/// thread.
class SavedLayouts {
public:
    /// How the window tells its layout, and takes one.
    SavedLayouts(std::function<std::string()> present, std::function<void(const std::string&)> restore)
        : present_(std::move(present)), restore_(std::move(restore)) {}

    QStringList names() const; ///< in alphabetical order
    /// Keeps the present layout, in place of one that has this name; nothing for a name of spaces.
    void save(const QString& name) const;
    /// Nothing for an unknown name.
    void restore(const QString& name) const;
    void remove(const QString& name) const;

private:
    std::function<std::string()> present_;
    std::function<void(const std::string&)> restore_;
};

} // namespace kappascope::ui
