// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace kappascope::ui {

/// The head of a section in a form: small capitals, quiet.
class SectionHead : public QLabel {
    Q_OBJECT
public:
    explicit SectionHead(const QString& text, QWidget* parent = nullptr);

private:
    void dress();
};

} // namespace kappascope::ui
