// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QSize>
#include <functional>
#include <vector>

namespace kappascope::ui {

/// Where the columns of the runs stand.
struct ColumnArrangement {
    std::vector<QRect> columns;
    QRect addCard; ///< to the right of the columns, or a line below them
    QSize size;    ///< of all; wider or higher than the room: scroll
};

/// What columns need.
struct ColumnNeeds {
    int narrowest = 136;   ///< width at which a column is still usable
    int comfortable = 200; ///< width above which a card for new runs may stand beside
    int widest = 420;
    int gap = 8;
    int addWidth = 44, addHeight = 30;
    std::function<int(int width)> shortest; ///< least height of a column of this width
    std::function<int(int width)> tallest;  ///< height at which it looks best
};

/// `count` columns of equal size in one row while each keeps its least width, else in two rows when the room
/// is high enough, else in one row that is wider than the room.
ColumnArrangement arrangeColumns(int count, const QSize& room, const ColumnNeeds& needs);

} // namespace kappascope::ui
