// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/column_arrangement.h"

#include <algorithm>

namespace kappascope::ui {

namespace {

/// Width that each of `columns` gets of `room`.
int shareOf(int room, int columns, int gap) {
    return columns > 0 ? (room - (columns - 1) * gap) / columns : room;
}

} // namespace

ColumnArrangement arrangeColumns(int count, const QSize& room, const ColumnNeeds& needs) {
    ColumnArrangement result;
    int perRow = std::max(1, count);
    const int besideRoom = room.width() - needs.addWidth - needs.gap;
    const bool beside = shareOf(besideRoom, perRow, needs.gap) >= needs.comfortable || count == 0;
    const QSize space(beside ? besideRoom : room.width(),
                      beside ? room.height() : room.height() - needs.addHeight - needs.gap);

    int rows = 1;
    const auto heightOfRows = [&](int wanted, int width) {
        return wanted * needs.shortest(width) + (wanted - 1) * needs.gap;
    };
    if (shareOf(space.width(), perRow, needs.gap) < needs.narrowest) {
        const int half = (perRow + 1) / 2;
        const int width = std::max(needs.narrowest, shareOf(space.width(), half, needs.gap));
        if (heightOfRows(2, width) <= space.height()) {
            rows = 2;
            perRow = half;
        }
    }
    // Where they are scrolled, as wide that whole ones fill the room: none is cut at rest.
    const int inSight = std::clamp((space.width() + needs.gap) / (needs.narrowest + needs.gap), 1, perRow);
    const int width = std::clamp(shareOf(space.width(), inSight, needs.gap), needs.narrowest, needs.widest);
    const int height =
        std::max(needs.shortest(width),
                 std::min(needs.tallest(width), (space.height() - (rows - 1) * needs.gap) / rows));
    for (int k = 0; k < count; ++k)
        result.columns.emplace_back(k % perRow * (width + needs.gap), k / perRow * (height + needs.gap),
                                    width, height);

    const int right = count == 0 ? 0 : perRow * (width + needs.gap);
    const int below = rows * (height + needs.gap);
    // As wide as the room, not as columns that are scrolled: its sign stands in sight.
    result.addCard = beside ? QRect(right, 0, needs.addWidth, count == 0 ? room.height() : height)
                            : QRect(0, below, room.width(), needs.addHeight);
    result.size = {std::max(result.addCard.right() + 1, right - needs.gap),
                   std::max(below - needs.gap, result.addCard.bottom() + 1)};
    return result;
}

} // namespace kappascope::ui
