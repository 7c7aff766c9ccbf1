// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/theme.h"

#include <QAbstractSpinBox>
#include <QPainter>
#include <QStyleOption>
#include <QTabBar>
#include <QWidget>

namespace kappascope::ui {

namespace {

constexpr int knob = 12;  ///< diameter of a slider's knob
constexpr int groove = 3; ///< its groove's height
constexpr int checkBox = 16;
constexpr int controlHeight = 28;

const Palette& colors() {
    return Theme::instance().palette();
}

void drawChevron(QPainter& painter, const QRectF& rect, double turn, const QColor& color) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center());
    painter.rotate(turn);
    painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const double r = std::min({rect.width(), rect.height(), 8.0}) / 2;
    painter.drawPolyline(QPolygonF{{-r * 0.8, -r * 0.4}, {0, r * 0.4}, {r * 0.8, -r * 0.4}});
    painter.restore();
}

void drawCheck(const QStyleOption& option, QPainter& painter, bool round) {
    const bool on = option.state & QStyle::State_On, some = option.state & QStyle::State_NoChange;
    const bool enabled = option.state & QStyle::State_Enabled;
    const QColor fill = enabled ? colors().accent : colors().quiet;
    const QRectF box = QRectF(option.rect).adjusted(1, 1, -1, -1);
    const bool marked = option.state & (QStyle::State_HasFocus | QStyle::State_MouseOver);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(on || some || marked ? fill : colors().quiet, 1));
    painter.setBrush(on || some ? fill : colors().panel);
    const double radius = round ? box.width() / 2 : 3.5;
    painter.drawRoundedRect(box, radius, radius);
    painter.setPen(QPen(colors().onAccent, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto at = [&](double x, double y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    if (some) {
        painter.drawLine(at(0.25, 0.5), at(0.75, 0.5));
    } else if (on && round) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors().onAccent);
        painter.drawEllipse(box.center(), box.width() * 0.2, box.width() * 0.2);
    } else if (on) {
        painter.drawPolyline(QPolygonF{at(0.24, 0.52), at(0.43, 0.72), at(0.77, 0.3)});
    }
    painter.restore();
}

void drawSlider(const QStyleOptionSlider& option, QPainter& painter, const QStyle& style,
                const QWidget* widget) {
    const bool level = option.orientation == Qt::Horizontal;
    const QRectF handle = style.subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, widget);
    QRectF track = option.rect;
    if (level)
        track = QRectF(track.left() + 1, track.center().y() - groove / 2.0, track.width() - 2, groove);
    else
        track = QRectF(track.center().x() - groove / 2.0, track.top() + 1, groove, track.height() - 2);
    const bool enabled = option.state & QStyle::State_Enabled;
    const QColor ring = enabled ? colors().accent : colors().quiet;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors().dark ? QColor(0x3a, 0x41, 0x4b) : QColor(0xd7, 0xda, 0xe2));
    painter.drawRoundedRect(track, groove / 2.0, groove / 2.0);
    const QPointF center = handle.center();
    if (option.state & QStyle::State_HasFocus) {
        QColor halo = ring;
        halo.setAlphaF(0.25F);
        painter.setBrush(halo);
        painter.drawEllipse(center, knob / 2.0 + 2, knob / 2.0 + 2);
    }
    painter.setPen(QPen(ring, 2));
    painter.setBrush(option.activeSubControls & QStyle::SC_SliderHandle && enabled ? ring : colors().panel);
    painter.drawEllipse(center, knob / 2.0 - 1, knob / 2.0 - 1);
    painter.restore();
}

void drawField(const QStyleOption& option, QPainter& painter) {
    const bool focus = option.state & QStyle::State_HasFocus;
    const bool hover = option.state & QStyle::State_MouseOver && option.state & QStyle::State_Enabled;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(focus ? colors().accent : hover ? colors().quiet : colors().line, 1));
    painter.setBrush(colors().panel);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    painter.restore();
}

void drawComboBox(const QStyleOptionComboBox& option, QPainter& painter) {
    if (option.frame) drawField(option, painter);
    const QRect arrow(option.rect.right() - 18, option.rect.top(), 12, option.rect.height());
    drawChevron(painter, arrow, 0, option.state & QStyle::State_Enabled ? colors().text : colors().quiet);
}

void drawSpinBox(const QStyleOptionSpinBox& option, QPainter& painter, const QStyle& style,
                 const QWidget* widget) {
    if (option.frame) drawField(option, painter);
    for (const auto part : {QStyle::SC_SpinBoxUp, QStyle::SC_SpinBoxDown}) {
        if (!(option.subControls & part)) continue;
        const bool up = part == QStyle::SC_SpinBoxUp;
        const bool can =
            option.stepEnabled & (up ? QAbstractSpinBox::StepUpEnabled : QAbstractSpinBox::StepDownEnabled);
        const bool held = option.activeSubControls & part && option.state & QStyle::State_Sunken;
        drawChevron(painter, style.subControlRect(QStyle::CC_SpinBox, &option, part, widget), up ? 180 : 0,
                    !can   ? colors().line
                    : held ? colors().accent
                           : colors().text);
    }
}

double turnOf(QStyle::PrimitiveElement arrow) {
    switch (arrow) {
    case QStyle::PE_IndicatorArrowUp:
        return 180;
    case QStyle::PE_IndicatorArrowLeft:
        return 90;
    case QStyle::PE_IndicatorArrowRight:
        return -90;
    default:
        return 0;
    }
}

/// Of a tab bar around the tab: what the base style says cuts through the words.
QRect focusRect(const QStyleOption& option, const QWidget* widget) {
    const auto* tabs = qobject_cast<const QTabBar*>(widget);
    return tabs ? tabs->tabRect(tabs->currentIndex()).adjusted(1, 1, -1, -3) : option.rect;
}

} // namespace

Style::Style() : QProxyStyle(QStringLiteral("Fusion")) {}

void Style::polish(QWidget* widget) {
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractSpinBox*>(widget))
        widget->setMinimumHeight(qRound(controlHeight * Theme::instance().scale()));
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
    case PM_SliderThickness:
    case PM_SliderControlThickness:
        return knob + 6;
    case PM_SliderLength:
        return knob + 4;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return checkBox;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
        return qRound(16 * Theme::instance().scale());
    case PM_MenuPanelWidth:
        return 1;
    case PM_ToolBarItemSpacing:
        return 4;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth:
        return 8; // panels stand 8 apart
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                     QStyleHintReturn* data) const {
    switch (hint) {
    case SH_Widget_Animation_Duration:
        return 0; // motion only where it informs
    case SH_Slider_AbsoluteSetButtons:
        return Qt::LeftButton;
    case SH_ComboBox_Popup:
        return 0;
    case SH_ToolTip_WakeUpDelay:
        return 450;
    case SH_EtchDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                              const QWidget* widget) const {
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    if (type == CT_ComboBox)
        size.setHeight(std::max(size.height(), qRound(controlHeight * Theme::instance().scale())));
    if (type == CT_ComboBox) size.rwidth() += 8;
    if (type == CT_ToolButton && widget && widget->property("look").toByteArray() == "word")
        size = contents + QSize(4, 2); // text among text
    return size;
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                            const QWidget* widget) const {
    if (control == CC_ComboBox && part == SC_ComboBoxEditField) return option->rect.adjusted(6, 2, -20, -2);
    if (control == CC_SpinBox && part != SC_SpinBoxFrame) {
        const QRect inner = option->rect.adjusted(2, 2, -2, -2);
        const QRect buttons(inner.right() - 17, inner.top(), 18, inner.height());
        if (part == SC_SpinBoxEditField) return inner.adjusted(0, 0, -18, 0);
        const QRect upper(buttons.topLeft(), QSize(buttons.width(), buttons.height() / 2));
        return part == SC_SpinBoxUp ? upper : buttons.adjusted(0, upper.height(), 0, 0);
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QIcon Style::standardIcon(StandardPixmap icon, const QStyleOption* option, const QWidget* widget) const {
    switch (icon) {
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
        return Theme::instance().icon(QStringLiteral("close"));
    case SP_TitleBarNormalButton:
        return Theme::instance().icon(QStringLiteral("float"));
    case SP_LineEditClearButton:
        return Theme::instance().icon(QStringLiteral("close"));
    default:
        return QProxyStyle::standardIcon(icon, option, widget);
    }
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const {
    switch (element) {
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawCheck(*option, *painter, false);
        return;
    case PE_IndicatorRadioButton:
        drawCheck(*option, *painter, true);
        return;
    case PE_IndicatorArrowDown:
    case PE_IndicatorArrowUp:
    case PE_IndicatorArrowLeft:
    case PE_IndicatorArrowRight:
        drawChevron(*painter, option->rect, turnOf(element),
                    option->state & State_Enabled ? colors().text : colors().quiet);
        return;
    case PE_IndicatorDockWidgetResizeHandle:
        return;
    case PE_FrameFocusRect:
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colors().accent, 1));
        painter->drawRoundedRect(QRectF(focusRect(*option, widget)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter->restore();
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

/// The text of a box that has no room for it ends in dots.
void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const {
    const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (element != CE_ComboBoxLabel || !box)
        return QProxyStyle::drawControl(element, option, painter, widget);
    QStyleOptionComboBox fitted = *box;
    const int room = proxy()->subControlRect(CC_ComboBox, box, SC_ComboBoxEditField, widget).width();
    fitted.currentText = box->fontMetrics.elidedText(box->currentText, Qt::ElideRight, room);
    QProxyStyle::drawControl(element, &fitted, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                               const QWidget* widget) const {
    if (control == CC_Slider) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
            slider && !(slider->subControls & SC_SliderTickmarks)) {
            drawSlider(*slider, *painter, *proxy(), widget);
            return;
        }
    }
    if (control == CC_ComboBox) {
        if (const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option); box && !box->editable) {
            drawComboBox(*box, *painter);
            return;
        }
    }
    if (control == CC_SpinBox) {
        if (const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            drawSpinBox(*box, *painter, *proxy(), widget);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace kappascope::ui
