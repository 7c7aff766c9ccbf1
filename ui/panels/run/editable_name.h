// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>

class QLineEdit;

namespace kappascope::ui {

/// A name that is renamed in place: double-click or F2 opens a field over it, Return takes the new name,
/// Escape keeps the old one. Elided where there is no room. GUI thread only.
class EditableName : public QWidget {
    Q_OBJECT
public:
    explicit EditableName(QWidget* parent = nullptr);

    QString text() const { return text_; }
    void setText(const QString& text);
    void setColor(const QColor& color);
    /// Opens the field.
    void edit();
    QLineEdit* field() const { return field_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void entered(const QString& text); ///< another name than before; show it with setText if it is accepted

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void restyle();
    void finish(bool take);

    QString text_;
    QColor color_;
    QLineEdit* field_;
};

} // namespace kappascope::ui
